/** The lines of a text that comes in pieces, without their ends and a byte-order mark. */
export function* readLines(chunks: Iterable<string>): Generator<string, void> {
  let rest = "";
  let isFirst = true;
  for (const chunk of chunks) {
    rest += isFirst && chunk.startsWith("\uFEFF") ? chunk.slice(1) : chunk;
    if (chunk !== "") isFirst = false;
    const lines = rest.split("\n");
    rest = lines.pop()!;
    for (const line of lines) yield withoutCr(line);
  }
  if (rest !== "") yield withoutCr(rest);
}

function withoutCr(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
