import { goodputOf } from "../../cluster/slo_check.ts";
import { tellingGoodput } from "../../cluster/slo_render.ts";
import { quantityText } from "../../cluster/slo_target.ts";
import { limitBar } from "./limit_bar.ts";
import { checkedLines, type CheckReport, judgedBy, passes } from "./report.ts";
import { xmlText } from "./xml_text.ts";

/** The report as JUnit XML, one test case a check, as build servers read it. */
export function checkJunit(report: CheckReport): string {
  const lines = checkedLines(report);
  const numFailures = lines.filter(({ holds }) => !holds).length;
  const cases = lines.map(({ name, failure, holds }) => {
    const start = `    <testcase classname="blis.check" name="${xmlText(name)}"`;
    if (holds) return `${start}/>\n`;
    return `${start}>\n      <failure message="${xmlText(failure)}"/>\n    </testcase>\n`;
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
      ...charted.map(({ name, part }) =>
        `${name.padEnd(width)}  ${limitBar(part)} ${Math.round(part * 100)} %\n`
      ),
      "```\n",
    ]),
    "\n| class | requests | completed | good | goodput |\n| --- | ---: | ---: | ---: | ---: |\n",
    ...tellingGoodput(judgement.goodput).map((group) =>
      `| ${cell(group.name || "all")} | ${group.requests} | ${group.completed} | ${group.good} | ${
        quantityText("share", goodputOf(group))
      } |\n`
    ),
    ...(seeds.length > 1 ? [`\nSeeds ${seeds.join(", ")}, judged by ${judgedBy(report)}.\n`] : []),
  ].join("");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
