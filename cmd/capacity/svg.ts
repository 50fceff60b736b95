import { partOfLimit } from "../../cluster/slo_check.ts";
import { fewDigits } from "../../cluster/slo_target.ts";
import { at, svgHead, svgLine, svgText } from "../check/svg_marks.ts";
import type { Capacity, Quantity } from "./find.ts";
import { tightest } from "./margins.ts";
import type { CapacityPoint } from "./probe.ts";

const WIDTH = 720;
const HEIGHT = 400;
const LEFT = 60;
const RIGHT = 220;
const TOP = 50;
const BOTTOM = 50;
/** The picture ends at twice the limit. */
const MAX_PART = 2;
const MAX_TICKS = 6;
/** Told apart by readers with any colour vision. Source: Okabe and Ito, Color Universal Design. */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"] as const;
const CENTRED = 'text-anchor="middle"';
const AXIS_NAMES: Readonly<Record<Quantity, string>> = {
  rate: "rate in requests/s",
  instances: "instances",
  tp: "tp",
  gpus: "GPUs, in the best of the fleets that were tried",
};

/** A picture of the curve: how much of its limit each SLO takes up, over what was varied. */
export function capacitySvg({ find, best, curve }: Capacity): string {
  const drawn = bestOfEach(curve.filter(({ judgement }) => judgement !== undefined));
  const maxX = Math.max(best?.x ?? 0, ...drawn.map(({ x }) => x), Number.MIN_VALUE);
  const place: Place = {
    x: (x) => LEFT + x / maxX * (WIDTH - LEFT - RIGHT),
    y: (part) => HEIGHT - BOTTOM - Math.min(MAX_PART, part) / MAX_PART * (HEIGHT - TOP - BOTTOM),
  };
  const names = drawn[0]?.judgement?.outcomes.map(({ target }) => target.text) ?? [];
  return [
    svgHead(WIDTH, HEIGHT),
    ...axes(ticksUpTo(maxX, find !== "rate"), place),
    ...names.map((name, i) => sloCurve({ name, i, points: drawn }, place)),
    ...(best === undefined ? [] : [
      svgLine([place.x(best.x), TOP, place.x(best.x), HEIGHT - BOTTOM], 'stroke="#666"'),
      svgText(place.x(best.x), TOP - 8, fewDigits(best.x), `${CENTRED} font-weight="bold"`),
    ]),
    svgText((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, AXIS_NAMES[find], CENTRED),
    svgText(10, 18, "how much of its limit each SLO takes up"),
    "</svg>\n",
  ].join("");
}

interface Place {
  x(x: number): number;
  y(part: number): number;
}

/** Equally many GPUs can be several fleets: of each number that with the most room. */
function bestOfEach(points: readonly CapacityPoint[]): CapacityPoint[] {
  const byX = new Map<number, CapacityPoint>();
  const marginOf = (point: CapacityPoint) => tightest(point)?.margin ?? -Infinity;
  for (const point of points) {
    const known = byX.get(point.x);
    if (known === undefined || marginOf(point) > marginOf(known)) byX.set(point.x, point);
  }
  return [...byX.values()];
}

function sloCurve(
  { name, i, points }: { name: string; i: number; points: readonly CapacityPoint[] },
  place: Place,
): string {
  const colour = COLOURS[i % COLOURS.length]!;
  const places = points.flatMap(({ x, judgement }) => {
    const part = partOfLimit(judgement!.outcomes[i]!);
    return Number.isNaN(part) ? [] : [[at(place.x(x)), at(place.y(part))] as const];
  });
  return [
    `<polyline fill="none" stroke="${colour}" stroke-width="2" points="`,
    `${places.map((xy) => xy.join(",")).join(" ")}"/>\n`,
    ...places.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3" fill="${colour}"/>\n`),
    svgText(WIDTH - RIGHT + 12, TOP + 14 + 18 * i, name, `fill="${colour}"`),
  ].join("");
}

function axes(ticks: readonly number[], place: Place): string[] {
  const right = WIDTH - RIGHT;
  return [
    ...[0.5, 1.5, 2].map((part) =>
      svgLine([LEFT, place.y(part), right, place.y(part)], 'stroke="#ddd"')
    ),
    svgLine([LEFT, HEIGHT - BOTTOM, right, HEIGHT - BOTTOM], 'stroke="black"'),
    svgLine([LEFT, TOP, LEFT, HEIGHT - BOTTOM], 'stroke="black"'),
    svgLine([LEFT, place.y(1), right, place.y(1)], 'stroke="#c00" stroke-dasharray="6 4"'),
    ...ticks.map((tick) => svgText(place.x(tick), HEIGHT - BOTTOM + 16, fewDigits(tick), CENTRED)),
    ...[0, 0.5, 1, 1.5, 2].map((part) =>
      svgText(LEFT - 8, place.y(part) + 4, `${part * 100} %`, 'text-anchor="end"')
    ),
  ];
}

/** Round numbers from 0 to `max`: steps of 1, 2 or 5 times a power of ten. */
function ticksUpTo(max: number, isWhole: boolean): number[] {
  let step = isWhole ? 1 : 0.001;
  for (let i = 0; max / step > MAX_TICKS; i++) step *= i % 3 === 1 ? 2.5 : 2;
  return Array.from({ length: Math.floor(max / step) + 1 }, (_, i) => i * step);
}
