import { goodputOf } from "../../cluster/slo_check.ts";
import { isTelling } from "../../cluster/slo_render.ts";
import { quantityText } from "../../cluster/slo_target.ts";
import { checkedLines, type CheckReport, judgedBy, passes } from "./report.ts";

const BAR_CHARACTERS = 20;

/** The report as JUnit XML, one test case a check, as build servers read it. */
export function checkJunit(report: CheckReport): string {
  const lines = checkedLines(report);
  const numFailures = lines.filter(({ holds }) => !holds).length;
  const cases = lines.map(({ name, failure, holds }) => {
    const start = `    <testcase classname="blis.check" name="${escaped(name)}"`;
    if (holds) return `${start}/>\n`;
    return `${start}>\n      <failure message="${escaped(failure)}"/>\n    </testcase>\n`;
  });
  const counts = `tests="${lines.length}" failures="${numFailures}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<testsuites ${counts}>\n  <testsuite name="blis check" ${counts}>\n`,
    ...cases,
    "  </testsuite>\n</testsuites>\n",
  ].join("");
}

/**
 * The report as Markdown for the summary of a job. Its bars are text, since GitHub shows no SVG that
 * is part of a summary.
 */
export function checkMarkdown(report: CheckReport): string {
  const { judgement, seeds } = report;
  const lines = checkedLines(report);
  const charted = lines.filter(({ part }) => Number.isFinite(part));
  const width = Math.max(0, ...charted.map(({ name }) => name.length));
  return [
    `### blis check: ${passes(report) ? "✅ all checks hold" : "❌ missed"}\n\n`,
    "| check | value | limit | margin | |\n| --- | ---: | ---: | ---: | --- |\n",
    ...lines.map(({ name, value, limit, margin, holds }) =>
      `| \`${name}\` | ${value} | ${limit} | ${margin} | ${holds ? "✅" : "❌"} |\n`
    ),
    `\nLoad: **${judgement.saturation.verdict}**, ${judgement.saturation.reason}.\n`,
    ...(charted.length === 0 ? [] : [
      "\nHow much of each limit is used up:\n\n```text\n",
      ...charted.map(({ name, part }) => `${name.padEnd(width)}  ${bar(part)}\n`),
      "```\n",
    ]),
    "\n| class | requests | completed | good | goodput |\n| --- | ---: | ---: | ---: | ---: |\n",
    ...judgement.goodput.filter(isTelling).map((group) =>
      `| ${cell(group.name || "all")} | ${group.requests} | ${group.completed} | ${group.good} | ${
        quantityText("share", goodputOf(group))
      } |\n`
    ),
    ...(seeds.length > 1 ? [`\nSeeds ${seeds.join(", ")}, judged by ${judgedBy(report)}.\n`] : []),
  ].join("");
}

/** A limit ends at the mark; what goes beyond is cut at twice the limit. */
function bar(part: number): string {
  const filled = Math.round(Math.min(2, part) * BAR_CHARACTERS);
  const text = "█".repeat(filled).padEnd(2 * BAR_CHARACTERS, " ");
  return `${text.slice(0, BAR_CHARACTERS).replaceAll(" ", "░")}|${
    text.slice(BAR_CHARACTERS).trimEnd()
  } ${Math.round(part * 100)} %`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character]!);
}
