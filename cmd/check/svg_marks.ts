import { xmlText } from "./xml_text.ts";

/** The start of a picture on white, `width` × `height` pixels. */
export function svgHead(width: number, height: number): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" `,
    'font-family="sans-serif" font-size="12">\n',
    `<rect width="${width}" height="${height}" fill="white"/>\n`,
  ].join("");
}

/** A straight line; `style` is its attributes. */
export function svgLine(
  [x1, y1, x2, y2]: readonly [number, number, number, number],
  style: string,
): string {
  return `<line x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}" ${style}/>\n`;
}

/** A line of text that begins at (x, y) unless `style` says otherwise. */
export function svgText(x: number, y: number, content: string, style = ""): string {
  return `<text x="${at(x)}" y="${at(y)}" ${style}>${xmlText(content)}</text>\n`;
}

/** Pixels as an attribute. */
export function at(pixels: number): string {
  return pixels.toFixed(1);
}
