import { fewDigits } from "../../cluster/slo_target.ts";
import type { Capacity } from "./find.ts";
import { partOfLimit } from "./margins.ts";

const WIDTH = 720;
const HEIGHT = 400;
const LEFT = 60;
const RIGHT = 220;
const TOP = 30;
const BOTTOM = 50;
/** The picture ends at twice the limit. */
const MAX_PART = 2;
const NUM_TICKS = 5;
/** Told apart by readers with any colour vision. Source: Okabe and Ito, Color Universal Design. */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"] as const;

/** A picture of the curve: each SLO's value as a part of its limit, over what was varied. */
export function capacitySvg({ find, best, curve }: Capacity): string {
  const drawn = curve.filter(({ judgement }) => judgement !== undefined);
  const maxX = Math.max(best?.x ?? 0, ...drawn.map(({ x }) => x), Number.MIN_VALUE);
  const place = {
    x: (x: number) => LEFT + x / maxX * (WIDTH - LEFT - RIGHT),
    y: (part: number) =>
      HEIGHT - BOTTOM - Math.min(MAX_PART, part) / MAX_PART * (HEIGHT - TOP - BOTTOM),
  };
  const targets = drawn[0]?.judgement?.outcomes.map(({ target }) => target.text) ?? [];
  const lines = targets.map((name, i) => {
    const points = drawn.flatMap(({ x, judgement }) => {
      const part = partOfLimit(judgement!.outcomes[i]!);
      return Number.isNaN(part) ? [] : [`${at(place.x(x))},${at(place.y(part))}`];
    });
    const colour = COLOURS[i % COLOURS.length]!;
    const labelY = TOP + 14 + 18 * i;
    return `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${
      points.join(" ")
    }"/>\n` + text(WIDTH - RIGHT + 12, labelY, name, `fill="${colour}"`);
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" `,
    'font-family="sans-serif" font-size="12">\n',
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>\n`,
    ...axes(maxX, place),
    ...lines,
    ...(best === undefined ? [] : [
      line([place.x(best.x), TOP, place.x(best.x), HEIGHT - BOTTOM], 'stroke="#888"'),
      text(place.x(best.x), TOP - 8, fewDigits(best.x), 'text-anchor="middle"'),
    ]),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, find, 'text-anchor="middle"'),
    text(10, TOP - 8, "value as a part of its limit"),
    "</svg>\n",
  ].join("");
}

interface Place {
  x(x: number): number;
  y(part: number): number;
}

function axes(maxX: number, place: Place): string[] {
  const ticks = Array.from({ length: NUM_TICKS + 1 }, (_, i) => i / NUM_TICKS);
  return [
    line([LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM], 'stroke="black"'),
    line([LEFT, TOP, LEFT, HEIGHT - BOTTOM], 'stroke="black"'),
    line([LEFT, place.y(1), WIDTH - RIGHT, place.y(1)], 'stroke="#c00" stroke-dasharray="6 4"'),
    ...ticks.map((tick) =>
      text(place.x(tick * maxX), HEIGHT - BOTTOM + 16, fewDigits(tick * maxX), MIDDLE)
    ),
    ...[0, 0.5, 1, 1.5, 2].map((part) =>
      text(LEFT - 8, place.y(part) + 4, `${part * 100} %`, 'text-anchor="end"')
    ),
  ];
}

const MIDDLE = 'text-anchor="middle"';

function line([x1, y1, x2, y2]: readonly [number, number, number, number], style: string): string {
  return `<line x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}" ${style}/>\n`;
}

function text(x: number, y: number, content: string, style = ""): string {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return `<text x="${at(x)}" y="${at(y)}" ${style}>${escaped}</text>\n`;
}

function at(pixels: number): string {
  return pixels.toFixed(1);
}
