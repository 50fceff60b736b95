import type { Request } from "../../sim/request.ts";
import { SloRanks } from "../../sim/slo.ts";
import { promptText } from "./prompt_text.ts";

/** Output limit of a request that has none of its own. */
const DEFAULT_MAX_TOKENS = 2048;
/** What completion servers take for "no limit": the largest 32-bit integer. */
const NO_LIMIT = 2 ** 31 - 1;

const RANKS = new SloRanks({});

/** The two kinds of endpoint, as their paths are called. */
export const API_FORMATS = ["completions", "chat"] as const;
/** See {@link API_FORMATS}. */
export type ApiFormat = typeof API_FORMATS[number];

/** How requests are put to the server. */
export interface BodySettings {
  readonly apiFormat: ApiFormat;
  readonly model: string;
  /** Overrules what each request says; undefined = each its own way. */
  readonly streams: boolean | undefined;
  /** True if outputs may become as long as the server lets them. */
  readonly isUnconstrained: boolean;
  readonly ignoresEos: boolean;
  /** The least output tokens; 0 = exactly as many as the workload says. */
  readonly minTokens: number;
  /** Tokens that the server counts for a word, at least 1. */
  readonly tokensPerWord: number;
}

/** True if the answer to a request is asked for chunk by chunk. */
export function isStreamed({ labels }: Request, { streams }: BodySettings): boolean {
  return streams ?? labels.streaming;
}

/** The least output tokens that a request asks for; 0 = none. */
export function minTokensOf(request: Request, settings: BodySettings): number {
  if (settings.isUnconstrained) return 0;
  if (settings.minTokens === 0) return Math.max(0, request.maxOutputTokens);
  return Math.min(settings.minTokens, maxTokensOf(request, settings));
}

/** The rank of a request's SLO class, lower goes first; undefined if it has no class. */
export function priorityOf({ labels }: Request): number | undefined {
  return labels.sloClass === "" ? undefined : RANKS.rank(labels.sloClass);
}

/** The JSON body of a request, which must carry its token ids. */
export function bodyOf(request: Request, settings: BodySettings): string {
  const { apiFormat, isUnconstrained, ignoresEos, model, tokensPerWord } = settings;
  const prompt = promptText(request.tokens!.subarray(0, request.promptTokens), tokensPerWord);
  const isChat = apiFormat === "chat";
  const minTokens = minTokensOf(request, settings);
  const stream = isStreamed(request, settings);
  const noLimit = isChat ? {} : { max_tokens: NO_LIMIT };
  return JSON.stringify({
    ...(ignoresEos && { ignore_eos: true }),
    ...(isUnconstrained ? noLimit : { max_tokens: maxTokensOf(request, settings) }),
    ...(isChat && { messages: messagesOf(prompt) }),
    ...(minTokens > 0 && { min_tokens: minTokens }),
    model,
    priority: priorityOf(request),
    ...(!isChat && { prompt }),
    stream,
    ...(stream && { stream_options: { include_usage: true } }),
  });
}

/** The body of a request for a single token. */
export function probeBody(prompt: string, { apiFormat, model }: BodySettings): string {
  const isChat = apiFormat === "chat";
  return JSON.stringify({
    max_tokens: 1,
    ...(isChat && { messages: messagesOf(prompt) }),
    model,
    ...(!isChat && { prompt }),
    stream: false,
  });
}

/** The headers that tell a gateway in front of the server about a request. */
export function gatewayHeaders({ labels }: Request): Record<string, string> {
  const { tenantId, sloClass, sloTargetUs } = labels;
  return {
    ...(tenantId !== "" && { "x-gateway-inference-fairness-id": tenantId }),
    ...(sloClass !== "" && { "x-gateway-inference-objective": sloClass }),
    ...(sloTargetUs > 0 && { "x-slo-ttft-ms": String(Math.ceil(sloTargetUs / 1000)) }),
  };
}

/** At least `minTokens`; but follow-ups, which have no number, keep their own limit. */
function maxTokensOf({ maxOutputTokens, number }: Request, { minTokens }: BodySettings): number {
  const own = maxOutputTokens > 0 ? maxOutputTokens : DEFAULT_MAX_TOKENS;
  return number < 0 ? own : Math.max(own, minTokens);
}

function messagesOf(content: string) {
  return [{ content, role: "user" }];
}
