import type { FlagShape, ValueShape, WordsShape } from "./tree.ts";

/** Completion for PowerShell 5 and later. Where it offers nothing, PowerShell offers files. */
export function powershellScript(tree: readonly WordsShape[]): string {
  return `# Completion of blis for PowerShell: add it to $PROFILE.
Register-ArgumentCompleter -Native -CommandName blis -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @{
${tree.map(wordsEntry).join("")}  }
  $values = @{
${tree.flatMap(valueEntries).join("")}  }
  $before = @($commandAst.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { "$_" })
  $at = ''
  foreach ($word in $before) {
    if (-not $words.ContainsKey("$at $word")) { break }
    $at = "$at $word"
  }
  $start = ''
  $flag = if ($before.Count -gt 0) { $before[-1] } else { '' }
  $typed = $wordToComplete
  if ($typed -match '^(--[^=]+)=(.*)$') {
    $flag = $Matches[1]
    $typed = $Matches[2]
    $start = "$flag="
  }
  if ($values.ContainsKey("$at $flag")) { $offered = $values["$at $flag"] }
  else { $offered = $words[$at] }
  $offered | Where-Object { $_.StartsWith($typed) } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new("$start$_", $_, 'ParameterValue', $_)
  }
}
`;
}

function wordsEntry({ at, commands, flags, argument }: WordsShape): string {
  const words = [
    ...commands.map(([word]) => word),
    ...argument?.choices ?? [],
    ...flags.map(({ name }) => name),
  ];
  return `    ${quoted(at)} = ${listText(words)}\n`;
}

function valueEntries({ at, flags }: WordsShape): string[] {
  return flags.flatMap(({ name, aliases, value }: FlagShape) =>
    value === undefined ? [] : [name, ...aliases].map((flag) => entryText(`${at} ${flag}`, value))
  );
}

function entryText(place: string, { choices = [] }: ValueShape): string {
  return `    ${quoted(place)} = ${listText(choices)}\n`;
}

function listText(words: readonly string[]): string {
  return `@(${words.map(quoted).join(", ")})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
