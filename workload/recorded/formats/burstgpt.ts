import { CsvTable } from "./csv_table.ts";
import { measuredRow, type TraceFormat } from "./format.ts";

const COLUMNS = ["Timestamp", "Model", "Request tokens", "Response tokens"];

/**
 * Requests to ChatGPT and GPT-4 over months, some with sessions and the time until the answer was
 * complete. An answer without tokens is a failure. The model becomes the client, since a simulated
 * cluster serves another one. Source: github.com/HPMLL/BurstGPT.
 */
export const burstgpt: TraceFormat = {
  summary: "CSV of BurstGPT",
  matches: (head) => /^\uFEFF?Timestamp,.*Request tokens,Response tokens/.test(head),
  *rows(file) {
    const table = new CsvTable(file, COLUMNS);
    const rounds = new Map<string, number>();
    while (table.next()) {
      const startUs = table.number("Timestamp") * 1e6;
      const outputTokens = table.tokens("Response tokens");
      const sessionId = table.has("Session ID") ? table.text("Session ID") : "";
      const roundIndex = sessionId === "" ? 0 : rounds.get(sessionId) ?? 0;
      if (sessionId !== "") rounds.set(sessionId, roundIndex + 1);
      const hasEnd = table.has("Elapsed time") && table.text("Elapsed time") !== "";
      const lastUs = hasEnd ? startUs + table.number("Elapsed time") * 1e6 : NaN;
      const hasFailed = outputTokens === 0;
      yield measuredRow({ startUs, firstUs: NaN, lastUs: hasFailed ? NaN : lastUs }, {
        clientId: table.text("Model"),
        sessionId,
        roundIndex,
        inputTokens: table.tokens("Request tokens"),
        outputTokens,
        status: hasFailed ? "error" : "ok",
        errorMessage: hasFailed ? "no response tokens" : "",
      });
    }
  },
};
