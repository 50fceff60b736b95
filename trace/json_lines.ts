import type { Candidate, DecisionRecord } from "./records.ts";

/** A decision as one line of JSON, with its line end. */
export function decisionLine(record: DecisionRecord): string {
  const head = { kind: record.kind, request_id: record.requestId, clock_us: record.clockUs };
  const body = record.kind === "admission"
    ? { admitted: record.admitted, reason: record.reason }
    : {
      instance: record.instance,
      reason: record.reason,
      ...(record.scores && { scores: record.scores }),
      candidates: record.candidates.map(candidateJson),
      regret: record.regret,
    };
  return `${JSON.stringify({ ...head, ...body })}\n`;
}

function candidateJson(candidate: Candidate): Record<string, string | number> {
  return {
    instance: candidate.instance,
    score: candidate.score,
    queue_depth: candidate.queueDepth,
    batch_size: candidate.batchSize,
    in_flight: candidate.inFlight,
    kv_utilization: candidate.kvUtilization,
    free_kv_blocks: candidate.freeKvBlocks,
  };
}
