import { CsvTable } from "./csv_table.ts";
import { rowAt, type TraceFormat } from "./format.ts";

const TIMESTAMP =
  /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([-+])(\d\d):?(\d\d))?$/;

/**
 * LLM inference traces of Azure: when, how many prompt tokens, how many output tokens.
 * Source: github.com/Azure/AzurePublicDataset, AzureLLMInferenceDataset 2023 and 2024.
 */
export const azure: TraceFormat = {
  summary: "CSV of Azure's LLM inference traces",
  matches: (head) => /^\uFEFF?TIMESTAMP,ContextTokens,GeneratedTokens/.test(head),
  *rows(file) {
    const table = new CsvTable(file, ["TIMESTAMP", "ContextTokens", "GeneratedTokens"]);
    while (table.next()) {
      const atUs = unixUs(table.text("TIMESTAMP"));
      if (atUs === undefined) {
        throw table.error("TIMESTAMP", "it must be a time like 2023-11-16 18:17:03.9799600");
      }
      yield rowAt(atUs, {
        inputTokens: table.tokens("ContextTokens"),
        outputTokens: table.tokens("GeneratedTokens"),
      });
    }
  },
};

/** Time since 1970 in µs, cut off below; undefined for a text that is no time. */
function unixUs(text: string): number | undefined {
  const match = TIMESTAMP.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    ...[number, number, number, number, number, number],
  ];
  const fraction = Number((match[7] ?? "").padEnd(6, "0").slice(0, 6));
  const offset = (Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0)) *
    (match[8] === "-" ? -1 : 1);
  const minutes = (daysSince1970(year, month, day) * 24 + hour) * 60 + minute - offset;
  return (minutes * 60 + second) * 1e6 + fraction;
}

/** Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil. */
function daysSince1970(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  return era * 146097 + yearOfEra * 365 + leapDays + dayOfYear - 719468;
}
