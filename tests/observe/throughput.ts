// deno-lint-ignore-file no-console -- it prints what it measured
/**
 * Measures how fast answers are read: many streams at once, from a server in a process of its own.
 * `deno run -A tests/observe/throughput.ts [streams] [chunks per second] [seconds]` prints what was
 * read and how much of a core it took; it fails if a chunk is lost or out of order.
 */
import process from "node:process";
import { askAtOnce } from "./asking.ts";

const [numStreams = 1000, chunksPerS = 10_000, durationS = 10] = Deno.args.map(Number);
const gapMs = 1000 * numStreams / chunksPerS;
const numChunks = Math.round(1000 * durationS / gapMs);

const server = new Deno.Command(Deno.execPath(), {
  args: [
    ...["run", "-A", new URL("paced_server.ts", import.meta.url).pathname],
    ...[numChunks, gapMs].map(String),
  ],
  stdout: "piped",
}).spawn();
try {
  await measure(await portOf(server));
} finally {
  server.kill();
  await server.output();
}

async function portOf({ stdout }: Deno.ChildProcess): Promise<number> {
  const reader = stdout.getReader();
  const { value } = await reader.read();
  reader.releaseLock();
  return Number(new TextDecoder().decode(value));
}

async function measure(port: number): Promise<void> {
  const startMs = performance.now();
  const startCpuMs = cpuMs();
  const timeoutMs = 600_000;
  const answers = await askAtOnce(`http://127.0.0.1:${port}`, numStreams, { timeoutMs });
  const wallMs = performance.now() - startMs;
  const busy = (cpuMs() - startCpuMs) / wallMs;
  const whole = answers.filter(({ status, numChunks: n, outputTokens }) =>
    status === "ok" && n === numChunks && outputTokens === numChunks
  );
  const gaps = answers.flatMap(({ chunkTimesUs }) =>
    chunkTimesUs.slice(1).map((us, i) => (us - chunkTimesUs[i]!) / 1000)
  ).sort((a, b) => a - b);
  const at = (p: number) => gaps[Math.floor(p * (gaps.length - 1))]!.toFixed(1);
  console.log(
    `${whole.length} of ${numStreams} streams whole, ${answers.length * numChunks} chunks in ` +
      `${(wallMs / 1000).toFixed(1)} s, ${(100 * busy).toFixed(0)} % of a core; ` +
      `gaps of ${gapMs} ms came as p1 ${at(0.01)}, p50 ${at(0.5)}, p99 ${at(0.99)} ms`,
  );
  if (whole.length < numStreams) Deno.exitCode = 1;
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
