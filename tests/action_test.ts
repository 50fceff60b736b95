import assert from "node:assert/strict";
import { delimiter, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { parseDocument } from "../sim/internal/document.ts";
import { releaseServer } from "./fixtures/release_server.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const EXAMPLE = "examples/github-actions/capacity-check.yml";
const decoder = new TextDecoder();

interface ActionOutcome {
  readonly code: number;
  readonly stderr: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly json: string;
  /** Names in the folder where the step ran. */
  readonly files: readonly string[];
}

/** Runs the script as a runner does: inputs and files by the environment. */
async function action(inputs: Readonly<Record<string, string>>): Promise<ActionOutcome> {
  const folder = await Deno.makeTempDir();
  const [output, summary, cwd, temp] = ["output", "summary", "workspace", "temp"]
    .map((name) => `${folder}/${name}`) as [string, string, string, string];
  await Deno.mkdir(cwd);
  await Deno.mkdir(temp);
  await Deno.writeTextFile(output, "");
  await Deno.writeTextFile(summary, "# before\n");
  try {
    const { code, stderr } = await new Deno.Command("bash", {
      args: [`${ROOT}scripts/action.sh`],
      cwd,
      env: {
        PATH: `${dirname(Deno.execPath())}${delimiter}${Deno.env.get("PATH")}`,
        GITHUB_ACTION_PATH: ROOT,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        RUNNER_TEMP: temp,
        ...inputs,
      },
    }).output();
    const lines = (await Deno.readTextFile(output)).split("\n").filter((line) => line !== "");
    const outputs = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
    return {
      code,
      stderr: decoder.decode(stderr),
      outputs,
      summary: await Deno.readTextFile(summary),
      json: outputs.json === undefined ? "" : await Deno.readTextFile(outputs.json),
      files: [...Deno.readDirSync(cwd)].map(({ name }) => name),
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const ARGS = "--model qwen/qwen3-14b\n--rate 5 --num-requests 60";

Deno.test("the action sets verdict, JSON and metrics and adds to the summary", async () => {
  const { code, stderr, outputs, summary, json } = await action({
    BLIS_ARGS: ARGS,
    BLIS_SLO: "ttft.p99<300ms\n\n  itl.p95 < 50ms\n",
  });
  assert.equal(code, 0, stderr);
  assert.equal(outputs.verdict, "passed");
  const { metrics, slos } = JSON.parse(json);
  const texts = slos.map(({ slo }: { readonly slo: string }) => slo.replaceAll(" ", ""));
  assert.deepEqual(texts.slice(0, 2), ["ttft.p99<300ms", "itl.p95<50ms"]);
  assert.equal(Number(outputs["ttft-p99-ms"]), metrics.ttft_p99_ms);
  assert.equal(Number(outputs["itl-p99-ms"]), metrics.itl_p99_ms);
  assert.equal(Number(outputs["e2e-p99-ms"]), metrics.e2e_p99_ms);
  assert.equal(Number(outputs["responses-per-sec"]), metrics.responses_per_sec);
  assert.equal(Number(outputs["tokens-per-sec"]), metrics.tokens_per_sec);
  assert.match(summary, /^# before\n### blis check: ✅/);
  const declared = await Deno.readTextFile(`${ROOT}action.yml`);
  const names = [...declared.matchAll(/steps\.check\.outputs\.([\w-]+)/g)].map(([, name]) => name);
  assert.deepEqual(Object.keys(outputs), names);
});

Deno.test("a missed SLO fails the step, with verdict, JSON and summary all the same", async () => {
  const { code, outputs, summary, json } = await action({
    BLIS_ARGS: ARGS,
    BLIS_SLO: "ttft.p99<1ms",
  });
  assert.deepEqual([code, outputs.verdict], [1, "failed"]);
  assert.equal(JSON.parse(json).passed, false);
  assert.match(summary, /### blis check: ❌/);
  assert.match(outputs.svg!, /check\.svg$/);
});

const steps = z.looseObject({
  jobs: z.record(
    z.string(),
    z.looseObject({
      steps: z.array(z.looseObject({
        with: z.looseObject({ args: z.string(), slo: z.string() }).optional().catch(undefined),
      })),
    }),
  ),
});

Deno.test("of the jobs in the example to copy, the first is green and the second red", async () => {
  const text = await Deno.readTextFile(`${ROOT}${EXAMPLE}`);
  const { jobs } = parseDocument(text, EXAMPLE).decode(steps);
  const verdicts = [];
  for (const [name, job] of Object.entries(jobs)) {
    const inputs = job.steps.find((step) => step.with !== undefined)!.with!;
    const { code, outputs } = await action({ BLIS_ARGS: inputs.args, BLIS_SLO: inputs.slo });
    verdicts.push([name, code, outputs.verdict]);
  }
  assert.deepEqual(verdicts, [["deployment", 0, "passed"], ["overload", 1, "failed"]]);
});

Deno.test("nothing in an input is run by the shell", async () => {
  const attacks = [
    "$(touch pwned) `touch pwned` ; touch pwned && touch pwned | touch pwned > pwned",
    "--model '$(touch pwned)'",
    '--model "`touch pwned`"',
  ];
  for (const attack of attacks) {
    for (const inputs of [{ BLIS_ARGS: attack }, { BLIS_ARGS: ARGS, BLIS_SLO: attack }]) {
      const { code, outputs, files, summary } = await action(inputs);
      assert.deepEqual([code, outputs], [2, { verdict: "error" }]);
      assert.deepEqual(files, []);
      assert.equal(summary, "# before\n");
    }
  }
});

Deno.test("quotes in the arguments join words, and an open one is named", async () => {
  const joined = await action({ BLIS_ARGS: `${ARGS} --slo "ttft.p99 < 300ms"` });
  assert.deepEqual([joined.code, joined.outputs.verdict], [0, "passed"], joined.stderr);
  const open = await action({ BLIS_ARGS: `${ARGS} --slo "ttft.p99` });
  assert.deepEqual([open.code, open.outputs], [2, { verdict: "error" }]);
  assert.match(open.stderr, /::error title=capacity check::The input args has an unmatched quote/);
});

Deno.test("a version takes the program of that release", async () => {
  await using server = await releaseServer("v9.9.9");
  const inputs = { BLIS_ARGS: ARGS, BLIS_RELEASES_URL: server.url };
  const { code, outputs, stderr } = await action({ ...inputs, BLIS_VERSION: "v9.9.9" });
  assert.deepEqual([code, outputs.verdict], [0, "passed"], stderr);
  assert.match(stderr, /Installed .*blis: blis 9\.9\.9/);
  const missing = await action({ ...inputs, BLIS_VERSION: "v1.0.0" });
  assert.deepEqual([missing.code, missing.outputs], [2, { verdict: "error" }]);
  assert.match(missing.stderr, /Cannot install blis v1\.0\.0/);
});

Deno.test("action.yml hands inputs to the script by the environment alone", async () => {
  const text = await Deno.readTextFile(`${ROOT}action.yml`);
  for (const [, command] of text.matchAll(/run: (.*)/g)) assert.doesNotMatch(command!, /\$\{\{/);
  const script = await Deno.readTextFile(`${ROOT}scripts/action.sh`);
  const passed = [...text.matchAll(/(BLIS_\w+): \$\{\{ inputs\.(\w+) \}\}/g)];
  assert.deepEqual(passed.map(([, , input]) => input), ["args", "slo", "version"]);
  for (const [, name] of passed) assert.ok(script.includes(`{${name}:-}`), name);
});
