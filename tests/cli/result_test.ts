import assert from "node:assert/strict";
import { resultDocument } from "../../cluster/result_document.ts";
import { blisLine, FakeIo } from "./fake_io.ts";

const RUN = "run --model qwen/qwen3-14b --log error --num-requests 40 --rate 20";

Deno.test("--output json says everything in one document of its schema", async () => {
  const { code, stdout } = await blisLine(
    `${RUN} --num-instances 2 --routing-policy weighted --fitness-weights throughput:1 ` +
      "--trace-level decisions --output json",
  );
  assert.equal(code, 0);
  const document = resultDocument.parse(JSON.parse(stdout));
  assert.equal(document.metrics.completed_requests, 40);
  assert.equal(document.instances.length, 2);
  assert.equal(document.trace_summary?.admitted, 40);
  assert.ok(document.fitness!.score > 0);
});

Deno.test("a result that is run again from itself is the same, byte for byte", async () => {
  const lines = [
    `${RUN} --num-instances 3 --routing-policy least-loaded --timeout -1`,
    `${RUN} --concurrency 5 --seed 7`.replace(" --rate 20", ""),
    `${RUN} --workload chatbot --horizon 1000000 --seed 9223372036854775807`,
    `${RUN} --latency-model trained-physics --prefix-tokens 100 --scheduler sjf`,
  ];
  for (const line of lines) {
    const first = await blisLine(`${line} --output json`);
    assert.equal(first.code, 0, first.stderr);
    const io = new FakeIo({ "out.json": first.stdout });
    const second = await blisLine("run --from-result out.json --output json", io);
    assert.equal(second.stdout, first.stdout);
  }
});

Deno.test("what is no result is refused with the file's name", async () => {
  for (const text of ["{}", "[1]", "{", '{"config": {"deployment": 3}}']) {
    const io = new FakeIo({ "out.json": text });
    const { code, stdout, stderr } = await blisLine("run --from-result out.json", io);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, /out\.json/);
  }
});

Deno.test("what other commands print is refused with the command that runs it again", async () => {
  const io = new FakeIo();
  await blisLine(`${RUN} --trace-output t`, io);
  const trace = "--trace-header t.yaml --trace-data t.csv";
  const replay = `replay --model qwen/qwen3-14b --log error ${trace} --output json`;
  const check = "check --model qwen/qwen3-14b --log error --num-requests 9 --output json";
  const refused = async (line: string) => {
    io.stdout = "";
    io.files.set("other.json", (await blisLine(line, io)).stdout);
    const again = await blisLine(
      "run --from-result other.json",
      new FakeIo(
        Object.fromEntries(io.files),
      ),
    );
    assert.deepEqual([again.code, again.stdout], [2, ""]);
    return again.stderr;
  };
  assert.match(await refused(replay), new RegExp(`result of a replay[^]*blis replay ${trace} and`));
  assert.match(await refused(check), /does not say what was run\n[^]*`blis run --output json`/);
});

Deno.test("a wrong value of a result is shown at its place, under the name that it has there", async () => {
  const { stdout } = await blisLine(`${RUN} --output json`);
  const errorOf = async (from: string | RegExp, to: string) => {
    const text = stdout.replace(from, to);
    assert.notEqual(text, stdout);
    const io = new FakeIo({ "r.json": text });
    const { code, stderr } = await blisLine("run --from-result r.json", io);
    assert.equal(code, 2, stderr);
    return stderr;
  };
  assert.match(
    await errorOf('"num_instances": 1', '"num_instances": 0'),
    /^error: Cannot use 0 for config\.deployment\.num_instances: it must be > 0\n {2}--> r\.json:\d+:\d+\n/,
  );
  assert.match(
    await errorOf('"num_instances": 1', '"num_boxes": 1'),
    /^error: Missing key "num_instances" in config\.deployment\n/,
  );
  assert.match(
    await errorOf('"num_instances": 1', '"num_instances": 1, "num_boxes": 1'),
    /the unknown key "num_boxes"/,
  );
  assert.match(
    await errorOf(/"spec": {[^]*?\n {6}},/, '"spec": null,'),
    /^error: Cannot use "null" for config\.workload\.spec: it must be a map\n/,
  );
  assert.match(await errorOf(/"rate_fraction": \d+/, '"rate_fraction": -1'), /-1 for clients\[0\]/);
  assert.match(await errorOf('"seed": "42",\n      "hor', '"seed": "x",\n      "hor'), /as text/);
});

Deno.test("flags beside --from-result are refused, but for those of the output", async () => {
  const { stdout } = await blisLine(`${RUN} --output json`);
  const files = { "out.json": stdout };
  const wrong = await blisLine("run --from-result out.json --rate 3", new FakeIo(files));
  assert.deepEqual([wrong.code, wrong.stdout], [2, ""]);
  assert.match(wrong.stderr, /--rate and --from-result/);
  const right = await blisLine(
    "run --from-result out.json --metrics-path m.json",
    new FakeIo(files),
  );
  assert.equal(right.code, 0);
  assert.ok(right.io.files.has("m.json"));
});

Deno.test("--decisions-path writes a JSON line per decision and changes no result", async () => {
  const line = `${RUN} --num-instances 2 --routing-policy weighted`;
  const plain = await blisLine(line);
  const traced = await blisLine(`${line} --decisions-path decisions.jsonl`);
  assert.equal(traced.stdout, plain.stdout);
  const records = traced.io.files.get("decisions.jsonl")!.trimEnd().split("\n")
    .map((text) => JSON.parse(text));
  assert.equal(records.length, 80);
  const routing = records.filter(({ kind }) => kind === "routing");
  assert.equal(routing.length, 40);
  for (const { candidates, scores, regret } of routing) {
    assert.equal(candidates.length, 2);
    assert.ok(candidates[0].score >= candidates[1].score);
    assert.equal(Object.keys(scores).length, 2);
    assert.ok(regret >= 0);
  }
});

Deno.test("a summary is printed only where decisions were asked for", async () => {
  const line = `${RUN} --summarize-trace`;
  const plain = await blisLine(line);
  const traced = await blisLine(`${line} --decisions-path decisions.jsonl`);
  assert.equal(traced.stdout, plain.stdout);
  assert.match((await blisLine(`${line} --trace-level decisions`)).stdout, /Trace Summary/);
});
