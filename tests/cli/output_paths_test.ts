import assert from "node:assert/strict";
import { blisLine, FakeIo } from "./fake_io.ts";

const MODEL = "--model qwen/qwen3-14b --log error";

async function refusal(line: string): Promise<string> {
  const io = new FakeIo();
  const { code, stdout, stderr } = await blisLine(line, io);
  assert.deepEqual([code, stdout, io.files.size], [2, "", 0], line);
  return stderr.split("\n")[0]!;
}

Deno.test("an output that is an input of the same command is refused before anything is read", async () => {
  const lines = [
    [`run ${MODEL} --workload-spec w.yaml --metrics-path ./w.yaml`, "--workload-spec reads"],
    [
      `replay ${MODEL} --trace-header t.yaml --trace-data t.csv --trace-output t`,
      "--trace-header reads",
    ],
    ["calibrate --trace-header t --trace-data u --sim-results r --report r", "--sim-results reads"],
    [`capacity ${MODEL} --slo-file s --svg s`, "--slo-file reads"],
    ["convert trace a.csv --trace-output a", "the command reads"],
    ["sweep g.yaml --out g.yaml", "the command reads"],
    ["sweep merge a b --out b", "the command reads"],
  ] as const;
  for (const [line, use] of lines) {
    assert.match(await refusal(line), new RegExp(`would write over .*, which ${use}$`), line);
  }
});

Deno.test("two outputs at one path are refused", async () => {
  assert.equal(
    await refusal(`run ${MODEL} --metrics-path x.csv --trace-output x`),
    "error: --trace-output would write over x.csv, which --metrics-path writes too",
  );
  const lines = [
    `run ${MODEL} --metrics-path a.json --decisions-path a.json`,
    `replay ${MODEL} --trace-header h --trace-data d --results-path r --metrics-path r`,
    `check ${MODEL} --junit q --svg q`,
    "observe --server-url http://h --model m --rate 1 --trace-header a --trace-data a",
    "observe --server-url http://h --model m --rate 1 --trace-header a --trace-data b --itl-output b",
  ];
  for (const line of lines) assert.match(await refusal(line), /writes too$/, line);
});

Deno.test("any number of outputs may go to /dev/null", async () => {
  const io = new FakeIo({}, ["/dev"]);
  const paths = "--metrics-path /dev/null --decisions-path /dev/null";
  const { code } = await blisLine(`run ${MODEL} --num-requests 3 ${paths}`, io);
  assert.equal(code, 0);
});
