import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { fileURLToPath } from "node:url";
import { embeddedDefaults, embeddedModelConfig, embeddedModels } from "../data/mod.ts";
import { VARIABLES } from "../scripts/compile.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/**
 * What the compile step yields with this Deno in the place of the runtime that it would download:
 * what is embedded can be seen, but the program is not one to run.
 */
async function compiled(): Promise<Buffer> {
  const folder = await Deno.makeTempDir();
  try {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", `${ROOT}scripts/compile.ts`, "--output", `${folder}/blis`],
      env: { DENORT_BIN: Deno.execPath(), NO_COLOR: "1" },
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    return Buffer.from(await Deno.readFile(`${folder}/blis`));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("the compiled program holds all data and the worker of sweeps, but no test", async () => {
  const program = await compiled();
  const texts = await Promise.all(embeddedModels().map((name) => embeddedModelConfig(name)));
  assert.notEqual(texts.length, 0);
  for (const text of [...texts, embeddedDefaults()]) assert.ok(program.includes(text!), text);
  assert.ok(program.includes("self.onmessage = async ({ data }"));
  assert.ok(!program.includes("asyncProperty"), "fast-check is embedded");
});

Deno.test("the compiled program may read the variables that commands read, and no other", async () => {
  const names = new Set<string>();
  for (const path of sourcesIn(`${ROOT}cmd`)) {
    const text = await Deno.readTextFile(path);
    if (path.endsWith("_test.ts") || !/\.env\(|_VARIABLE = /.test(text)) continue;
    for (const [, variable] of text.matchAll(/"([A-Z]+_[A-Z_]+)"/g)) names.add(variable!);
  }
  assert.deepEqual([...VARIABLES].sort(), [...names].sort());
});

function sourcesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? sourcesIn(`${folder}/${name}`) : [`${folder}/${name}`]
  );
}
