import { partOfLimit } from "../../cluster/slo_check.ts";
import { outcomeCells } from "../../cluster/slo_render.ts";
import { type CheckReport, passes } from "./report.ts";
import { at, svgHead, svgLine, svgText } from "./svg_marks.ts";

const WIDTH = 720;
const ROW = 24;
const TOP = 48;
const LEFT = 220;
/** From the left end of a bar to its limit; a bar ends at twice of it. */
const LIMIT = 180;
const GOOD = "#0072b2";
const MISSED = "#d55e00";
const BOLD = 'font-weight="bold"';

/** A picture of the check: a bar for each SLO, from 0 over its limit to twice of it. */
export function checkSvg(report: CheckReport): string {
  const { outcomes, saturation } = report.judgement;
  const height = TOP + ROW * outcomes.length + 36;
  const bottom = height - 30;
  const rows = outcomes.map((outcome, i) => {
    const y = TOP + ROW * i;
    const part = partOfLimit(outcome);
    const width = Number.isNaN(part) ? 0 : Math.min(2, part) * LIMIT;
    const { value, verdict } = outcomeCells(outcome);
    return [
      svgText(LEFT - 8, y + 16, outcome.target.text, 'text-anchor="end"'),
      `<rect x="${LEFT}" y="${y + 4}" width="${at(width)}" height="${ROW - 8}" fill="${
        outcome.holds ? GOOD : MISSED
      }"/>\n`,
      svgText(LEFT + 2 * LIMIT + 8, y + 16, `${value}, ${verdict}`),
    ].join("");
  });
  return [
    svgHead(WIDTH, height),
    svgText(12, 20, `blis check: ${passes(report) ? "all checks hold" : "missed"}`, BOLD),
    svgText(LEFT + LIMIT, TOP - 8, "limit", 'text-anchor="middle"'),
    ...rows,
    svgLine([LEFT + LIMIT, TOP - 4, LEFT + LIMIT, bottom], 'stroke="#444" stroke-dasharray="6 4"'),
    svgText(12, height - 12, `Load: ${saturation.verdict}, ${saturation.reason}`),
    "</svg>\n",
  ].join("");
}
