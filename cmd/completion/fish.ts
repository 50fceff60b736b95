import type { FlagShape, ValueShape, WordsShape } from "./tree.ts";

/** Completion for fish, with descriptions. */
export function fishScript(tree: readonly WordsShape[]): string {
  const inner = tree.filter(({ at }) => at !== "").map(({ at }) => quoted(at)).join(" ");
  return `# Completion of blis for fish: save it as blis.fish in ~/.config/fish/completions.
function __blis_at
    set -l at ''
    for word in (commandline -opc)[2..-1]
        contains -- "$at $word" ${inner}
        or break
        set at "$at $word"
    end
    test "$at" = "$argv[1]"
end
complete -c blis -f
${tree.flatMap(placeLines).join("\n")}
`;
}

function placeLines({ at, commands, flags, argument }: WordsShape): string[] {
  // The condition is a text that fish reads once more.
  const start = `complete -c blis -n ${quoted(`__blis_at ${quoted(at)}`)}`;
  return [
    ...commands.map(([word, summary]) => `${start} -a ${word} -d ${quoted(summary)}`),
    ...(argument === undefined ? [] : [`${start} ${valueText(argument)}`]),
    ...flags.map((flag) => `${start} ${flagText(flag)}`),
  ];
}

function flagText({ name, description, value }: FlagShape): string {
  const takes = value === undefined ? "" : ` -r ${valueText(value)}`;
  return `-l ${name.slice(2)}${takes} -d ${quoted(description)}`;
}

function valueText({ choices, isFile }: ValueShape): string {
  if (choices !== undefined) return `-f -a ${quoted(choices.join(" "))}`;
  return isFile ? "-F" : "-f";
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
