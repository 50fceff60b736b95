import type { RequestTable } from "./metrics.ts";

/** One request in the file of `--metrics-path`, keys in their order; what did not happen is 0. */
export function requestReport(table: RequestTable, row: number): Record<string, unknown> {
  const ms = (column: Float64Array) => (Number.isNaN(column[row]!) ? 0 : column[row]! / 1000);
  const { sloClass, tenantId, model, adapter } = table.labelsOf(row);
  const session = table.session.at(row);
  return {
    arrived_at: table.arrivalUs.data[row]! / 1e6,
    requestID: table.id(row),
    num_prefill_tokens: table.promptTokens.data[row]!,
    num_decode_tokens: table.outputTokens.data[row]!,
    ttft_ms: ms(table.ttftUs.data),
    itl_ms: ms(table.itlUs.data),
    e2e_ms: ms(table.e2eUs.data),
    scheduling_delay_ms: ms(table.schedulingDelayUs.data),
    ...(sloClass && { slo_class: sloClass }),
    ...(tenantId && { tenant_id: tenantId }),
    handled_by: `instance_${table.instance.at(row)}`,
    ...(model && { model }),
    ...(adapter && { adapter }),
    ...(table.lengthCapped.has(row) && { length_capped: true }),
    ...(session >= 0 && { session_id: table.sessions[session]! }),
    round_index: table.round.at(row),
  };
}
