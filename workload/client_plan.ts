import type { RequestLabels } from "../sim/request.ts";
import { type BlockIds, SharedContent } from "../sim/shared_content.ts";
import type { Random } from "../sim/internal/random.ts";
import { drawPrefixIds, type Prefix } from "./draft.ts";
import { createLengths, type Lengths } from "./lengths/mod.ts";
import type { ClientSpec, DistributionSpec } from "./spec.ts";
import { ActiveTime } from "./windows.ts";

const DEFAULT_TIMEOUT_US = 300_000_000;
const DEFAULT_PREFIX_TOKENS = 50;

/** What bounds and shapes the requests of a workload besides its spec. */
export interface GenerateOptions {
  /** No request arrives at or after it; Infinity = none. */
  readonly horizonUs: number;
  /** The most requests; 0 = no limit. */
  readonly maxRequests: number;
  /** True if requests carry their token ids. */
  readonly keepTokens: boolean;
  /** Source of the identities of shared KV blocks. */
  readonly ids: BlockIds;
  /** Replaces the timeout of every request, in µs; Infinity = no request gives up. */
  readonly timeoutUs?: number;
}

/** A client ready to make requests. */
export interface ClientPlan {
  readonly spec: ClientSpec;
  readonly input: Lengths;
  readonly output: Lengths;
  readonly prefix: Prefix;
  /** Undefined if it is always active. */
  readonly active: ActiveTime | undefined;
  readonly labels: RequestLabels;
  /** Of the rounds of a session: they name no prefix group and do not stream. */
  readonly roundLabels: RequestLabels;
  /** Of a single request, and of one that belongs to a session; Infinity = never gives up. */
  readonly timeoutUs: number;
  readonly sessionTimeoutUs: number;
}

/** True if the later rounds of a client wait for the answers to the earlier ones. */
export function isClosedLoop(client: ClientSpec): boolean {
  return client.closedLoop ?? client.reasoning?.multiTurn !== undefined;
}

/** Makes the plans of clients; what several of them have in common is made once. */
export class Planner {
  readonly options: GenerateOptions;
  /** Of a client without a group. */
  readonly noPrefix: Prefix;
  readonly #prefixes: ReadonlyMap<string, Prefix>;
  readonly #lengths = new Map<DistributionSpec, Lengths>();
  readonly #activeTimes = new Map<unknown, ActiveTime>();

  /** Draws the prefixes of all groups from `rng`, in the order of their first clients. */
  constructor(clients: readonly ClientSpec[], rng: Random, options: GenerateOptions) {
    this.options = options;
    this.noPrefix = {
      tokens: 0,
      ids: options.keepTokens ? new Int32Array(0) : undefined,
      content: undefined,
    };
    const prefixes = new Map<string, Prefix>();
    for (const { prefixGroup, prefixLength } of clients) {
      if (prefixGroup === "" || prefixes.has(prefixGroup)) continue;
      const tokens = prefixLength > 0 ? prefixLength : DEFAULT_PREFIX_TOKENS;
      const ids = drawPrefixIds(rng, tokens, options.keepTokens);
      prefixes.set(prefixGroup, { tokens, ids, content: new SharedContent(options.ids) });
    }
    this.#prefixes = prefixes;
  }

  plan(spec: ClientSpec): ClientPlan {
    const { timeoutUs: given, lifecycle, sloTargetUs = 0, streaming, prefixGroup } = spec;
    const own = given === 0 ? Infinity : given;
    const open = isClosedLoop(spec) ? DEFAULT_TIMEOUT_US : Infinity;
    const { timeoutUs: override } = this.options;
    return {
      spec,
      input: this.lengths(spec.inputDistribution),
      output: this.lengths(spec.outputDistribution),
      prefix: this.#prefixes.get(prefixGroup) ?? this.noPrefix,
      active: lifecycle && this.#activeTime(lifecycle.windows),
      labels: labelsOf(spec, { prefixGroup, streaming, sloTargetUs }),
      roundLabels: labelsOf(spec, { prefixGroup: "", streaming: false, sloTargetUs }),
      timeoutUs: override ?? own ?? open,
      sessionTimeoutUs: override ?? own ?? DEFAULT_TIMEOUT_US,
    };
  }

  /** The sampler of a distribution, one for all clients that have the same. */
  lengths(spec: DistributionSpec): Lengths {
    let lengths = this.#lengths.get(spec);
    if (lengths === undefined) this.#lengths.set(spec, lengths = createLengths(spec));
    return lengths;
  }

  #activeTime(windows: NonNullable<ClientSpec["lifecycle"]>["windows"]): ActiveTime {
    let active = this.#activeTimes.get(windows);
    if (active === undefined) this.#activeTimes.set(windows, active = new ActiveTime(windows));
    return active;
  }
}

/** What the requests of a client have in common. */
export function labelsOf(
  spec: ClientSpec,
  own: Pick<RequestLabels, "prefixGroup" | "streaming" | "sloTargetUs">,
): RequestLabels {
  const { id: clientId, tenantId, sloClass, model, adapter } = spec;
  return { clientId, tenantId, sloClass, model, adapter, ...own };
}
