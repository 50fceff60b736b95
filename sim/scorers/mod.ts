import { activeRequests } from "./active_requests.ts";
import { kvUtilization } from "./kv_utilization.ts";
import { loadAware } from "./load_aware.ts";
import { loadBalance } from "./load_balance.ts";
import { noHitLru } from "./no_hit_lru.ts";
import { precisePrefixCache } from "./precise_prefix_cache.ts";
import { prefixAffinity } from "./prefix_affinity.ts";
import { queueDepth } from "./queue_depth.ts";
import { runningRequests } from "./running_requests.ts";
import type { ScorerDef } from "./scorer.ts";
import { vllmDp } from "./vllm_dp.ts";

/** Scorers of the weighted routing policy by the name that `--routing-scorers` uses. */
export const scorers = {
  "active-requests": activeRequests,
  "kv-utilization": kvUtilization,
  "load-aware": loadAware,
  "load-balance": loadBalance,
  "no-hit-lru": noHitLru,
  "precise-prefix-cache": precisePrefixCache,
  "prefix-affinity": prefixAffinity,
  "queue-depth": queueDepth,
  "running-requests": runningRequests,
  "vllm-dp": vllmDp,
} satisfies Record<string, ScorerDef>;

export type ScorerName = keyof typeof scorers;
