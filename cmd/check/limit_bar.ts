const LIMIT_CHARACTERS = 20;
/** Characters of the longest bar. */
export const MAX_BAR_CHARACTERS = 2 * LIMIT_CHARACTERS + 1;

/**
 * A value as a bar of text, from the part of its limit that it takes up: the limit is the mark, what
 * goes beyond is cut at twice the limit; "" for NaN.
 */
export function limitBar(part: number): string {
  if (Number.isNaN(part)) return "";
  const filled = "█".repeat(Math.round(Math.min(2, part) * LIMIT_CHARACTERS));
  const text = filled.padEnd(LIMIT_CHARACTERS, "░");
  return `${text.slice(0, LIMIT_CHARACTERS)}|${text.slice(LIMIT_CHARACTERS)}`;
}
