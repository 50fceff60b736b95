import type { Deployment } from "../../cluster/deployment.ts";
import { isTooShort } from "../../cluster/saturation.ts";
import type { SloTarget } from "../../cluster/slo_target.ts";
import { type RunFlags, withSeed } from "../check/judged_run.ts";
import { holds, judge, type Judgement } from "../check/verdict.ts";
import type { Context } from "../cli.ts";
import { isUserError } from "../diagnostics.ts";
import { type Defaults, openDefaults } from "../resolve/defaults_file.ts";
import { resolveDeployment } from "../resolve/resolve.ts";
import { type ResolvedWorkload, resolveWorkload } from "../resolve/workload.ts";
import { runUnlessHopeless } from "./run_unless_hopeless.ts";
import type { Probed } from "./search.ts";

/** What is tried: a rate in requests/s, instances and GPUs of each. What is left out is as the flags say. */
export interface Trial {
  readonly rate?: number;
  readonly numInstances?: number;
  readonly tp?: number;
}

/** What came of one value. */
export interface CapacityPoint extends Probed {
  readonly trial: Trial;
  /** Simulated time in which requests arrived, in s; NaN if the flags or a file set the length. */
  readonly durationS: number;
  /** Undefined if the run was given up, or the model does not fit. */
  readonly judgement: Judgement | undefined;
  /** Why it does not hold; "" if it does. */
  readonly reason: string;
  /** Undefined if the flags of the trial describe none. */
  readonly deployment: Deployment | undefined;
}

/** How each value is tried. */
export interface ProbeSettings {
  readonly targets: readonly SloTarget[];
  readonly numSeeds: number;
  /** Simulated time in which requests arrive, in s, where the flags do not say how many there are. */
  readonly durationS: number;
}

/** What a {@link Prober} works with. */
export interface ProbeInput {
  readonly flags: RunFlags;
  readonly settings: ProbeSettings;
  readonly context: Context;
}

interface Judged {
  readonly judgement: Judgement;
  readonly durationS: number;
}

/** A shorter run shows too little of its slowest requests. */
const MIN_REQUESTS = 200;
/** How often a run that is too short to tell is doubled. */
const MAX_DOUBLINGS = 4;

/** Tries values; all runs draw the same random numbers, so that they differ in their values alone. */
export class Prober {
  readonly #flags: RunFlags;
  readonly #settings: ProbeSettings;
  readonly #context: Context;
  readonly #defaults: Defaults;
  readonly #workloads: readonly ResolvedWorkload[];

  private constructor(
    { flags, settings, context }: ProbeInput,
    { defaults, workloads }: Readonly<{ defaults: Defaults; workloads: ResolvedWorkload[] }>,
  ) {
    this.#flags = flags;
    this.#settings = settings;
    this.#context = context;
    this.#defaults = defaults;
    this.#workloads = workloads;
  }

  /** Resolves the workload once for each seed. */
  static async create(input: ProbeInput): Promise<Prober> {
    const { flags, settings, context } = input;
    const defaults = await openDefaults(flags.values.defaultsFilepath, context.io);
    const workloads = [await resolveWorkload(flags, defaults, context)];
    for (let i = 1; i < settings.numSeeds; i++) {
      const seeded = withSeed(flags, workloads[0]!.spec.seed, i);
      workloads.push(await resolveWorkload(seeded, defaults, context));
    }
    return new Prober(input, { defaults, workloads });
  }

  /** Requests per second of the workload; NaN if it has no rate of its own. */
  get rate(): number {
    const { aggregateRate } = this.#workloads[0]!.spec;
    return aggregateRate > 0 ? aggregateRate : NaN;
  }

  /** Replicas of the attention layers, each on GPUs of its own. */
  get dp(): number {
    return this.#flags.values.dp;
  }

  /** True if all requests come at equal gaps. */
  get isEvenlySpaced(): boolean {
    const { clients, cohorts } = this.#workloads[0]!.spec;
    const [client] = clients;
    return clients.length === 1 && cohorts.length === 0 && client!.concurrency === 0 &&
      client!.arrival.process === "constant";
  }

  /** True if nobody says how many requests there are. */
  get hasFreeLength(): boolean {
    const { given, values } = this.#flags;
    return !["numRequests", "horizon", "workloadSpec"].some((key) => given.has(key)) &&
      values.concurrency === 0;
  }

  /** Simulates one trial under all seeds, for a `part` of the time where its length is free. */
  async probe(x: number, trial: Trial, part = 1): Promise<CapacityPoint> {
    const failed = { x, trial, holds: false, durationS: NaN, judgement: undefined };
    let deployments: Deployment[];
    try {
      deployments = await this.#deploymentsOf(trial);
    } catch (error) {
      if (trial.tp === undefined || !isUserError(error)) throw error;
      return { ...failed, reason: error.message, deployment: undefined };
    }
    const deployment = deployments[0]!;
    const judged = this.#judge(trial, deployments, part);
    if (judged === undefined) {
      return { ...failed, reason: "saturated: given up early", deployment };
    }
    const reason = reasonOf(judged.judgement);
    const asksForMore = trial.rate !== undefined && lacksOnlyLoad(judged.judgement);
    return { x, trial, holds: reason === "", asksForMore, ...judged, reason, deployment };
  }

  /** A run that is too short to tell is made longer. */
  #judge(trial: Trial, deployments: readonly Deployment[], part: number): Judged | undefined {
    let judged: Judged | undefined;
    for (let doublings = 0; doublings <= MAX_DOUBLINGS; doublings++) {
      const workloads = this.#workloads.map((workload) =>
        this.#scaled(workload, trial, part * (1 << doublings))
      );
      const runs = workloads.map((workload, i) => runUnlessHopeless(deployments[i]!, workload));
      if (runs.some((run) => run === undefined)) return undefined;
      const judgement = judge(this.#settings.targets, runs.map((run) => run!), "worst");
      judged = { judgement, durationS: this.#durationOf(workloads[0]!) };
      if (!this.hasFreeLength || !isTooShort(judgement.saturation)) break;
    }
    return judged;
  }

  #scaled(workload: ResolvedWorkload, { rate }: Trial, part: number): ResolvedWorkload {
    const { spec } = workload;
    const aggregateRate = rate ?? spec.aggregateRate;
    const scaled = { ...workload, spec: { ...spec, aggregateRate } };
    if (!this.hasFreeLength) return scaled;
    const numRequests = Math.ceil(aggregateRate * this.#settings.durationS * part);
    return { ...scaled, maxRequests: Math.max(MIN_REQUESTS, numRequests) };
  }

  #durationOf({ spec, maxRequests }: ResolvedWorkload): number {
    return this.hasFreeLength ? maxRequests / spec.aggregateRate : NaN;
  }

  async #deploymentsOf({ numInstances, tp }: Trial): Promise<Deployment[]> {
    const { values, given } = this.#flags;
    const flags = tp === undefined
      ? this.#flags
      : { values: { ...values, tp }, given: new Set([...given, "tp"]) };
    const { horizonUs } = this.#workloads[0]!;
    const resolved = await resolveDeployment(flags, horizonUs, this.#defaults, this.#context);
    return this.#workloads.map((_, i) => ({
      ...resolved,
      seed: resolved.seed + BigInt(i),
      numInstances: numInstances ?? resolved.numInstances,
    }));
  }
}

/** True if all that is missed is a throughput, which a larger rate may bring. */
function lacksOnlyLoad({ outcomes, saturation }: Judgement): boolean {
  const missed = outcomes.filter((outcome) => !outcome.holds);
  return saturation.verdict === "stable" && missed.length > 0 &&
    missed.every(({ target }) => target.kind === "rate");
}

/** Stricter than a check: what is at the knee has nothing to spare. */
function reasonOf(judgement: Judgement): string {
  const { outcomes, saturation } = judgement;
  const missed = outcomes.filter((outcome) => !outcome.holds).map(({ target }) => target.text);
  if (holds(judgement) && saturation.verdict === "stable") return "";
  if (missed.length > 0) return `missed ${missed.join(", ")}`;
  return `${saturation.verdict}: ${saturation.reason}`;
}
