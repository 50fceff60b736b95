import { UsageError } from "../../sim/internal/errors.ts";
import { BlockIds } from "../../sim/shared_content.ts";
import { generate } from "../../workload/generate.ts";
import {
  newTraceHeader,
  type TraceHeader,
  traceHeaderText,
} from "../../workload/recorded/trace_v2.ts";
import { command, type Context } from "../cli.ts";
import { openDefaults } from "../resolve/defaults_file.ts";
import { Dispatcher } from "./dispatcher.ts";
import type { Flags } from "../flag_values.ts";
import type { BodySettings } from "./body.ts";
import { type Call, type ClientSettings, ObserveClient } from "./client.ts";
import { API_KEY_VARIABLE, observeOptions, type ObserveValues } from "./options.ts";
import { summaryText } from "./summary.ts";
import { failsAsAWhole, warnOfAnswers } from "./warnings.ts";
import { denoWorld, type World } from "./world.ts";
import { measureTokensPerWord } from "./prompt_calibration.ts";
import { Recorder } from "./recorder.ts";
import { type ResolvedWorkload, resolveWorkload } from "../resolve/workload.ts";

const DEFAULT_MAX_CONCURRENCY = 256;

/** `blis observe` in the real world. */
export const observe = observeIn(denoWorld());

/** `blis observe`: sends a workload to a server and records as a trace what comes back. */
export function observeIn(world: World) {
  return command({
    name: "observe",
    summary: "Send a workload to a real server and record a trace of it",
    options: observeOptions,
    examples: [
      [
        "--server-url http://localhost:8000 --model qwen/qwen3-14b --rate 5 --num-requests 100 " +
        "--record-itl --trace-header trace.yaml --trace-data trace.csv",
        "100 requests, 5 a second, streamed",
      ],
      [
        "--server-url http://localhost:8000 --model qwen/qwen3-14b --concurrency 8 " +
        "--num-requests 100 --api-format chat --trace-header trace.yaml --trace-data trace.csv",
        "Eight users that wait for each answer",
      ],
    ],
    permissions: () => ["read", "write", "net", "env"],
    run: (flags, context) => new Observation(flags, context, world).run(),
  });
}

/** One run of the command. */
class Observation {
  readonly #flags: Flags<ObserveValues>;
  readonly #context: Context;
  readonly #world: World;
  /** Aborted by Ctrl-C. */
  readonly #stop = new AbortController();

  constructor(flags: Flags<ObserveValues>, context: Context, world: World) {
    this.#flags = flags;
    this.#context = context;
    this.#world = world;
  }

  async run(): Promise<number> {
    const { values } = this.#flags;
    const { io, diagnostics } = this.#context;
    const workload = await this.#resolveWorkload();
    for (const path of this.#outputs()) await io.checkWritable(path);
    const body = await this.#bodySettings();
    const recorder = new Recorder(body, values.warmupRequests);
    const dispatcher = await this.#dispatch(workload, body, recorder);
    await io.writeFile(values.traceHeader, [traceHeaderText(this.#header(workload))]);
    await io.writeFile(values.traceData, recorder.traceText());
    const wallS = (this.#world.nowUs() - dispatcher.startUs) / 1e6;
    if (values.recordItl) {
      await io.writeFile(itlPath(values), recorder.chunkTimesText());
      if (recorder.chunkTimes.length === 0) diagnostics.warn("No chunk with text was recorded");
    }
    warnOfAnswers(recorder, dispatcher.numHeldBack, diagnostics);
    io.print(summaryText(recorder, wallS));
    if (this.#stop.signal.aborted) return 0;
    return failsAsAWhole(recorder) ? 1 : 0;
  }

  async #resolveWorkload(): Promise<ResolvedWorkload> {
    const { values, given } = this.#flags;
    const { io, diagnostics } = this.#context;
    checkMinTokens(this.#flags);
    if (values.itlOutput !== undefined && !values.recordItl) {
      diagnostics.warn("--itl-output has no effect without --record-itl");
    }
    // 0 requests: as many as the spec says.
    const said = new Set(given);
    if (values.numRequests === 0) said.delete("numRequests");
    const defaults = await openDefaults(values.defaultsFilepath, io);
    return await resolveWorkload({ values, given: said }, defaults, this.#context);
  }

  #outputs(): string[] {
    const { values } = this.#flags;
    const { traceHeader, traceData, recordItl } = values;
    return [traceHeader, traceData, ...(recordItl ? [itlPath(values)] : [])];
  }

  async #bodySettings(): Promise<BodySettings> {
    const { values } = this.#flags;
    const settings: BodySettings = {
      apiFormat: values.apiFormat,
      model: values.model,
      streams: values.recordItl ? true : values.noStreaming ? false : undefined,
      isUnconstrained: values.unconstrainedOutput,
      ignoresEos: values.ignoreEos,
      minTokens: values.minTokens,
      tokensPerWord: 1,
    };
    const client = this.#client(settings);
    const tokensPerWord = await measureTokensPerWord(client, this.#context.diagnostics);
    client.close();
    return { ...settings, tokensPerWord };
  }

  #client(body: BodySettings): ObserveClient {
    const { values } = this.#flags;
    const apiKey = this.#context.io.env(API_KEY_VARIABLE);
    const settings: ClientSettings = {
      serverUrl: values.serverUrl.replace(/\/+$/, ""),
      apiKey: apiKey === "" ? undefined : apiKey,
      body,
      timeoutMs: values.timeout * 1000,
      keepsChunkTimes: values.recordItl,
      stop: this.#stop.signal,
    };
    return new ObserveClient(settings, this.#world);
  }

  async #dispatch(
    { spec, horizonUs, maxRequests }: ResolvedWorkload,
    body: BodySettings,
    recorder: Recorder,
  ): Promise<Dispatcher<Call>> {
    const { concurrency, maxConcurrency } = this.#flags.values;
    const source = generate(spec, {
      horizonUs,
      maxRequests,
      keepTokens: true,
      ids: new BlockIds(),
    });
    const client = this.#client(body);
    const maxInFlight = maxConcurrency ?? (concurrency > 0 ? concurrency : DEFAULT_MAX_CONCURRENCY);
    const options = { maxInFlight, stop: this.#stop.signal };
    const dispatcher = new Dispatcher(source, client, options, this.#world);
    const stopListening = this.#world.onInterrupt(() => this.#stop.abort());
    try {
      await dispatcher.run((exchange) => recorder.add(exchange, dispatcher.startUs));
    } finally {
      stopListening();
      client.close();
    }
    return dispatcher;
  }

  #header({ spec }: ResolvedWorkload): TraceHeader {
    const { values } = this.#flags;
    const { workload, workloadSpec, rttMs } = values;
    const preset = workload === "distribution" ? "" : `preset:${workload}`;
    const now = new Date(this.#world.nowUs() / 1000).toISOString();
    return {
      ...newTraceHeader("real", spec.seed),
      timeUnit: "us",
      createdAt: now.replace(/\.[0-9]+/, ""),
      warmUpRequests: values.warmupRequests,
      workloadSpec: workloadSpec ?? preset,
      server: { type: values.serverType, model: values.model, ...NO_SERVER_DETAILS },
      network: { measuredRttMs: rttMs },
    };
  }
}

const NO_SERVER_DETAILS = {
  tensorParallel: 0,
  maxNumSeqs: 0,
  blockSize: 0,
  gpuMemoryUtilization: 0,
  maxModelLen: 0,
};

function itlPath({ itlOutput, traceData }: ObserveValues): string {
  return itlOutput ?? `${traceData.replace(/\.csv$/, "")}.itl.csv`;
}

/** More tokens at least than at most make no sense where the flags state both. */
function checkMinTokens({ values, given }: Flags<ObserveValues>): void {
  const { minTokens, outputTokens, unconstrainedOutput, workloadSpec, workload } = values;
  const isOwnOutput = workloadSpec === undefined && workload === "distribution";
  if (!isOwnOutput || unconstrainedOutput || !given.has("outputTokens")) return;
  if (minTokens <= outputTokens) return;
  const message = `Cannot use ${minTokens} for --min-tokens: it must be <= --output-tokens ` +
    `${outputTokens}`;
  throw new UsageError(message, { flag: "--min-tokens" });
}
