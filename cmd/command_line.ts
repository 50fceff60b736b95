import type { z } from "zod";
import { UsageError } from "../sim/internal/errors.ts";
import { nearest } from "../sim/internal/nearest.ts";
import { type Argument, argumentOf, flagName, isSwitch, metaOf } from "./flag_meta.ts";
import type { FlagTexts } from "./flag_values.ts";

/** The texts of flags, collected. */
type Texts = Map<string, string[]>;

/**
 * Reads the words after a command: `--flag value`, `--flag=value`, a switch alone, and after `--`
 * no more flags. Returns the texts of each flag; undefined if help is asked for. Throws a
 * UsageError.
 */
export function readCommandLine(
  { name, options }: { readonly name: string; readonly options: z.ZodObject },
  args: readonly string[],
): FlagTexts | undefined {
  const keys = keysByFlag(options);
  const texts: Texts = new Map();
  const words: string[] = [];
  let unknown: string | undefined;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === "-h" || arg === "--help") return undefined;
    if (arg === "--") {
      words.push(...args.slice(i + 1));
      break;
    }
    if (!/^-./.test(arg)) {
      words.push(arg);
      continue;
    }
    const [flag] = arg.split("=", 1) as [string];
    const key = keys.get(flag);
    if (key === undefined) unknown ??= flag;
    else if (flag !== arg) add(texts, key, arg.slice(flag.length + 1));
    // A switch takes a value only after `=`, so that the word after it is not swallowed.
    else if (isSwitch(options.shape[key]!)) add(texts, key, "true");
    else if (++i < args.length) add(texts, key, args[i]!);
    else throw new UsageError(`${flag} needs a value`, { flag });
  }
  if (unknown !== undefined) throw unknownFlag(unknown, keys.keys());
  placeWords(words, texts, name, argumentOf(options));
  return texts;
}

/** The key of each flag, its older names included. */
function keysByFlag(options: z.ZodObject): Map<string, string> {
  const keys = new Map<string, string>();
  for (const key of Object.keys(options.shape)) {
    for (const name of [flagName(options, key), ...metaOf(options, key).aliases ?? []]) {
      keys.set(`--${name}`, key);
    }
  }
  return keys;
}

function placeWords(
  words: readonly string[],
  texts: Texts,
  command: string,
  argument: Argument | undefined,
): void {
  const extra = words[argument?.most ?? 0];
  if (extra === undefined) {
    for (const word of words) add(texts, argument!.key, word);
    return;
  }
  const accepted = argument === undefined ? "flags only" : "one argument";
  throw new UsageError(`Unexpected argument "${extra}"`, {
    hint: /^(true|false)$/.test(extra)
      ? `write --flag=${extra}`
      : `blis ${command} takes ${accepted}`,
  });
}

function add(texts: Texts, key: string, text: string): void {
  texts.set(key, [...texts.get(key) ?? [], text]);
}

function unknownFlag(flag: string, known: Iterable<string>): UsageError {
  const similar = nearest(flag, known);
  return new UsageError(`Unknown flag ${flag}`, {
    flag,
    hint: similar === undefined ? "--help lists the flags" : `did you mean ${similar}?`,
  });
}
