import type { Deployment } from "../../cluster/deployment.ts";
import { ConfigError } from "../../sim/internal/errors.ts";
import { jsonText } from "../../sim/internal/number_format.ts";
import { fitLatency, type FittedLatency } from "../../workload/calibration/fit_latency.ts";
import {
  type NumberedRequest,
  observedRequests,
} from "../../workload/calibration/observed_requests.ts";
import { refineLatency } from "../../workload/calibration/refine_latency.ts";
import type { Context } from "../cli.ts";
import { coefficientsText } from "../resolve/coefficients_file.ts";
import { openDefaults } from "../resolve/defaults_file.ts";
import { deploymentFlags } from "../options.ts";
import { type DeploymentFlags, resolveDeployment } from "../resolve/resolve.ts";
import { ObservedReplay } from "./observed_replay.ts";
import { percent } from "./summary.ts";
import { openTrace, readTrace, type TracePaths } from "../resolve/trace_files.ts";

/** Share of the requests, the earliest ones, from which the coefficients are learned. */
const TRAINING_SHARE = 0.7;
/** With fewer requests to learn from, chance decides. */
const MIN_TRAINING = 20;
/** So many requests are replayed, again and again, to refine a fit. */
const MAX_REPLAYED = 4000;
const DIGITS = 6;

type Blackbox = Extract<Deployment["latency"], { readonly mode: "blackbox" }>;

/** What a fit is asked for. */
export interface FitRequest extends TracePaths {
  /** File for the coefficients. */
  readonly fit: string;
  /** File for the errors before and after. */
  readonly report?: string | undefined;
  readonly warmUpRequests: number | undefined;
  readonly rttUs: number | undefined;
}

/** Errors of a deployment on the requests that were held out, as shares. */
interface HeldOutErrors {
  readonly latency_model: string;
  readonly ttft_mape: number;
  readonly e2e_mape: number;
}

/**
 * Fits latency coefficients to the earlier requests of a trace, writes them, and says how much
 * better than the deployment as it is they foretell the later ones.
 */
export async function fitToTrace(
  request: FitRequest,
  flags: Pick<DeploymentFlags, "given"> & { readonly values: object },
  context: Context,
): Promise<void> {
  const { io } = context;
  for (const path of [request.fit, request.report]) {
    if (path !== undefined) await io.checkWritable(path);
  }
  const before = await resolveEngine(flags, context);
  const requests = await readObserved(request, before, context);
  const { trace } = await readTrace(request, context);
  const replay = new ObservedReplay(trace, requests);
  const after = fittedTo(before, replay, requests);
  const errors = { before: heldOutErrors(replay, before), after: heldOutErrors(replay, after) };
  await write(request, requests, after, errors, context);
}

async function resolveEngine(
  { values, given }: Pick<DeploymentFlags, "given"> & { readonly values: object },
  context: Context,
): Promise<Deployment> {
  const flags = { values: { ...deploymentFlags.parse({ model: "any" }), ...values }, given };
  const defaults = await openDefaults(flags.values.defaultsFilepath, context.io);
  return await resolveDeployment(flags, Infinity, defaults, context);
}

async function readObserved(
  request: FitRequest,
  { instance }: Deployment,
  context: Context,
): Promise<NumberedRequest[]> {
  const { header, reader } = await openTrace(request, context);
  const requests = observedRequests(reader, {
    warmUpRequests: request.warmUpRequests ?? header.warmUpRequests,
    rttUs: request.rttUs ?? (header.network?.measuredRttMs ?? 0) * 1000,
    blockSize: instance.blockSize,
    isObserved: header.mode === "real",
    trainingShare: TRAINING_SHARE,
  });
  const numUseful = requests.filter((r) => r.isTraining && r.decodeTokens > 0).length;
  if (numUseful >= MIN_TRAINING) return requests;
  throw new ConfigError(
    `Cannot fit to ${numUseful} answers of several tokens: at least ${MIN_TRAINING} are needed`,
    { file: request.traceData, hint: "a fit needs the times of first and last tokens: stream" },
  );
}

/** How far a deployment is off on the requests that the fit did not see. */
function heldOutErrors(replay: ObservedReplay, deployment: Deployment): HeldOutErrors {
  const { ttftMape, e2eMape } = replay.errors(deployment, false);
  return { latency_model: deployment.latency.mode, ttft_mape: ttftMape, e2e_mape: e2eMape };
}

/** Coefficients for a deployment: those that explain the observed steps, refined by replays. */
function fittedTo(
  deployment: Deployment,
  replay: ObservedReplay,
  requests: readonly NumberedRequest[],
): Deployment & { readonly latency: Blackbox } {
  const withLatency = ({ alpha, beta }: FittedLatency) => ({
    ...deployment,
    latency: { mode: "blackbox" as const, alpha: rounded(alpha), beta: rounded(beta) },
  });
  const explained = fitLatency(requests, deployment.instance.maxNumBatchedTokens);
  return withLatency(refineLatency(explained, requests, (latency) => {
    const { ttftMape, e2eMape } = replay.errors(withLatency(latency), true, MAX_REPLAYED);
    return ttftMape + e2eMape;
  }));
}

async function write(
  request: FitRequest,
  requests: readonly NumberedRequest[],
  { model, gpu, tp, latency }: Deployment & { readonly latency: Blackbox },
  errors: { readonly before: HeldOutErrors; readonly after: HeldOutErrors },
  { io }: Context,
): Promise<void> {
  const training = requests.filter(({ isTraining }) => isTraining).length;
  const counts = { training_requests: training, held_out_requests: requests.length - training };
  const fitted = {
    latency_model: latency.mode,
    alpha_coeffs: latency.alpha,
    beta_coeffs: latency.beta,
  };
  const origin = { model, gpu, tp, trace: request.traceData };
  await io.writeFile(request.fit, [coefficientsText({
    ...fitted,
    ...origin,
    ...counts,
    held_out_ttft_mape: errors.after.ttft_mape,
    held_out_e2e_mape: errors.after.e2e_mape,
  })]);
  if (request.report !== undefined) {
    await io.writeFile(request.report, [jsonText({ ...fitted, ...origin, ...counts, ...errors })]);
  }
  io.printError(summary(fitted, counts, errors));
}

function summary(
  fitted: { readonly alpha_coeffs: readonly number[]; readonly beta_coeffs: readonly number[] },
  counts: { readonly training_requests: number; readonly held_out_requests: number },
  { before, after }: { readonly before: HeldOutErrors; readonly after: HeldOutErrors },
): string {
  const line = ({ latency_model, ttft_mape, e2e_mape }: HeldOutErrors, title: string) =>
    `${title.padEnd(8)}${latency_model.padEnd(18)}` +
    `${percent(ttft_mape).padStart(12)}${percent(e2e_mape).padStart(12)}\n`;
  return `Fitted to ${counts.training_requests} requests: alpha ${
    fitted.alpha_coeffs.join(", ")
  }; ` +
    `beta ${fitted.beta_coeffs.join(", ")}\n\n` +
    `${"".padEnd(26)}${"TTFT MAPE".padStart(12)}${"E2E MAPE".padStart(12)}\n` +
    line(before, "before") + line(after, "fitted") +
    `\nVerdict: on ${counts.held_out_requests} later requests that the fit did not see, E2E is off by ` +
    `${percent(after.e2e_mape)} instead of ${percent(before.e2e_mape)}\n`;
}

/** Coefficients are not known to more digits. */
function rounded([a, b, c]: readonly [number, number, number]): [number, number, number] {
  const round = (value: number) => Number(value.toPrecision(DIGITS));
  return [round(a), round(b), round(c)];
}
