import type { FlagShape, ValueShape, WordsShape } from "./tree.ts";

/**
 * Completion for bash 3.2, which macOS has, and later: no associative arrays, and `compopt` only
 * where there is one. Flags without choices get nothing, so that no file is offered for a number.
 */
export function bashScript(tree: readonly WordsShape[]): string {
  const inner = tree.filter(({ at }) => at !== "").map(({ at }) => quoted(at)).join("|");
  return `# Completion of blis for bash: source it, or save it where bash-completion looks.
_blis() {
  local cur=\${COMP_WORDS[COMP_CWORD]} flag=\${COMP_WORDS[COMP_CWORD-1]} at='' words='' files='' i line
  for (( i = 1; i < COMP_CWORD; i++ )); do
    case "$at \${COMP_WORDS[i]}" in
      ${inner}) at="$at \${COMP_WORDS[i]}" ;;
      *) break ;;
    esac
  done
  # The = of --flag=value is a word of its own.
  if [[ $cur == "=" ]]; then cur=
  elif [[ $flag == "=" ]]; then flag=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  case "$at $flag" in
${valueCases(tree)}    *)
      case "$at" in
${tree.map(wordsCase).join("")}      esac ;;
  esac
  COMPREPLY=()
  if [[ -n $files && $cur != -* ]]; then
    compopt -o filenames 2>/dev/null
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$cur")
  fi
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -W "$words" -- "$cur")
}
complete -F _blis blis
`;
}

/** The places where a value is due, those with the same values together. */
function valueCases(tree: readonly WordsShape[]): string {
  const places = new Map<string, string[]>();
  for (const { at, flags } of tree) {
    for (const { name, aliases, value } of flags) {
      if (value === undefined) continue;
      const action = actionOf(value);
      const own = [name, ...aliases].map((flag) => quoted(`${at} ${flag}`));
      places.set(action, [...places.get(action) ?? [], ...own]);
    }
  }
  return [...places].map(([action, patterns]) => `    ${patterns.join("|")}) ${action} ;;\n`)
    .join("");
}

function actionOf({ choices, isFile }: ValueShape): string {
  if (choices !== undefined) return `words=${quoted(choices.join(" "))}`;
  return isFile ? "files=1" : ":";
}

function wordsCase({ at, commands, flags, argument }: WordsShape): string {
  const words = [
    ...commands.map(([word]) => word),
    ...argument?.choices ?? [],
    ...flags.map(({ name }: FlagShape) => name),
  ].join(" ");
  const files = argument?.isFile ? " files=1" : "";
  return `        ${quoted(at)}) words=${quoted(words)}${files} ;;\n`;
}

function quoted(text: string): string {
  return `'${text}'`;
}
