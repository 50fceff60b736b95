import type { Deployment } from "../../cluster/deployment.ts";
import type { PolicyBundle } from "../../sim/policy_bundle.ts";
import type { Context } from "../cli.ts";
import { kebabCase } from "../flag_values.ts";
import type { DeploymentFlags } from "./resolve.ts";

/** What was asked for, and what came of it. */
interface Asked {
  readonly flags: DeploymentFlags;
  readonly bundle: PolicyBundle;
  readonly resolved: Deployment;
}

/** Warns of all that a user set and that changes nothing in this deployment. */
export function warnOfNoEffect(asked: Asked, context: Context): void {
  const { diagnostics } = context;
  const { horizonUs, admissionLatencyUs, routingLatencyUs, admission } = asked.resolved;
  const latencyUs = admissionLatencyUs + routingLatencyUs;
  if (horizonUs < latencyUs) {
    diagnostics.warn(
      `No request can complete: the horizon of ${horizonUs} µs is shorter than the ` +
        `${latencyUs} µs of admission and routing`,
    );
  }
  if (Object.keys(admission.tenantBudgets).length > 0) {
    diagnostics.warn("tenant_budgets has no effect: budgets of tenants are not simulated");
  }
  warnOfScorers(asked, context);
  warnOfParameters(asked, context);
  warnOfAnalysis(asked.resolved, context);
}

function warnOfScorers({ flags, bundle, resolved }: Asked, { diagnostics }: Context): void {
  const { policy } = resolved.routing;
  if (policy === "weighted") return;
  if (flags.given.has("routingScorers")) {
    diagnostics.warn(
      `--routing-scorers has no effect with routing policy "${policy}"`,
      "add --routing-policy weighted",
    );
  }
  // Whoever passes over the weighted policy of a file by a flag knows what becomes of its scorers.
  if (bundle.routing.scorers.length > 0 && bundle.routing.policy !== "weighted") {
    diagnostics.warn(
      `routing.scorers has no effect with routing policy "${policy}"`,
      "add policy: weighted beside it",
    );
  }
}

function warnOfParameters({ flags, resolved }: Asked, { diagnostics }: Context): void {
  const { admission, instance } = resolved;
  const unused = {
    [`with admission policy "${admission.policy}"`]: admission.policy === "token-bucket"
      ? []
      : ["tokenBucketCapacity", "tokenBucketRefillRate"],
    "without --kv-cpu-blocks": instance.kvCpuBlocks > 0
      ? []
      : ["kvTransferBandwidth", "kvTransferBaseLatency"],
  };
  for (const [reason, keys] of Object.entries(unused)) {
    for (const key of keys.filter((key) => flags.given.has(key))) {
      diagnostics.warn(`--${kebabCase(key)} has no effect ${reason}`);
    }
  }
}

function warnOfAnalysis(resolved: Deployment, { diagnostics }: Context): void {
  if (resolved.traceLevel !== "none") return;
  const hint = "add --trace-level decisions";
  if (resolved.counterfactualK > 0) {
    diagnostics.warn("--counterfactual-k has no effect without recorded decisions", hint);
  }
  if (resolved.summarizeTrace) {
    diagnostics.warn("--summarize-trace has no effect without recorded decisions", hint);
  }
}
