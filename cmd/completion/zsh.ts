import type { FlagShape, ValueShape, WordsShape } from "./tree.ts";

/** Completion for zsh, with descriptions. */
export function zshScript(tree: readonly WordsShape[]): string {
  const inner = tree.filter(({ at }) => at !== "").map(({ at }) => quoted(at)).join("|");
  return `#compdef blis
# Completion of blis for zsh: save it as _blis in a folder of $fpath, or source it after compinit.
_blis() {
  local at=
  local -a commands
  integer i=2
  while (( i < CURRENT )); do
    case "$at \${words[i]}" in
      ${inner}) at="$at \${words[i]}" ;;
      *) break ;;
    esac
    (( i++ ))
  done
  shift $(( i - 2 )) words
  (( CURRENT -= i - 2 ))
  case "$at" in
${tree.map(placeText).join("")}  esac
}
if [[ \${funcstack[1]} == _blis ]]; then _blis "$@"; else compdef _blis blis; fi
`;
}

function placeText({ at, commands, flags, argument }: WordsShape): string {
  const specs = flags.map(flagSpec);
  if (argument !== undefined) {
    specs.push(`${argument.isList ? "*" : "1"}:${valueSpec(argument)}`);
  }
  if (commands.length > 0) specs.push("1:command:{_describe command commands}");
  const words = commands.map(([word, summary]) => `        ${quoted(`${word}:${summary}`)}\n`);
  const list = commands.length > 0 ? `      commands=(\n${words.join("")}      )\n` : "";
  return `    ${quoted(at)})\n${list}      _arguments \\\n${
    specs.map((spec) => `        ${quoted(spec)}`).join(" \\\n")
  } ;;\n`;
}

function flagSpec({ name, description, isList, value }: FlagShape): string {
  const text = `[${escaped(description)}]`;
  const often = isList ? "*" : "";
  return value === undefined
    ? `${often}${name}${text}`
    : `${often}${name}=${text}:${valueSpec(value)}`;
}

function valueSpec({ label, choices, isFile }: ValueShape): string {
  const action = choices !== undefined ? `(${choices.join(" ")})` : isFile ? "_files" : " ";
  return `${escaped(label)}:${action}`;
}

/** Signs that mean something to `_arguments`. */
function escaped(text: string): string {
  return text.replace(/[\\[\]:]/g, "\\$&");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
