import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDER = `${ROOT}.github/workflows`;

const workflows = [...Deno.readDirSync(FOLDER)].map(({ name }) => name);
const texts = new Map(workflows.map((name) => [name, Deno.readTextFileSync(`${FOLDER}/${name}`)]));

Deno.test("a release has an archive for each target that install.sh asks for", () => {
  const targets = (text: string) =>
    new Set(text.match(/\b(x86_64|aarch64)-(unknown-linux-gnu|apple-darwin|pc-windows-msvc)\b/g));
  const asked = targets(Deno.readTextFileSync(`${ROOT}install.sh`));
  assert.equal(asked.size, 5);
  assert.deepEqual(targets(texts.get("release.yml")!), asked);
});

Deno.test("workflows, action and CI run the Deno that the project is checked with", () => {
  const version = /deno@([\d.]+)/.exec(Deno.readTextFileSync(`${ROOT}.ci/run`))![1];
  const action = Deno.readTextFileSync(`${ROOT}action.yml`);
  for (const text of [...texts.values(), action]) {
    const versions = [...text.matchAll(/deno-version: (.*)/g)].map(([, found]) => found);
    assert.notDeepEqual(versions, []);
    for (const found of versions) assert.equal(found, version);
  }
});

Deno.test("no workflow puts an expression into the text of a script", () => {
  for (const [name, text] of texts) {
    for (const [script] of text.matchAll(/^( +)(?:- )?run: (?:\|\n(?:\1 +.*\n)+|.*)/gm)) {
      assert.doesNotMatch(script, /\$\{\{/, name);
    }
  }
});

Deno.test("the installer of a release knows the project that it comes from", async () => {
  const [, expression] = /sed "([^\n]*)" install\.sh/.exec(texts.get("release.yml")!)!;
  const command = `REPOSITORY=owner/name; sed "${expression}" "${ROOT}install.sh"`;
  const { stdout } = await new Deno.Command("bash", { args: ["-c", command] }).output();
  const lines = new TextDecoder().decode(stdout).split("\n");
  assert.deepEqual(
    lines.filter((line) => line.startsWith("repository=")),
    ["repository=${BLIS_REPOSITORY:-owner/name}"],
  );
});
