import { z } from "zod";
import { parseDocument } from "../../sim/internal/document.ts";
import { blis, FakeIo } from "../cli/fake_io.ts";
import { type GoldenSuite, listGoldens, readGolden, type Tally } from "./harness.ts";

/** A recorded command line with its files and all that it gave. */
interface Invocation {
  readonly args: readonly string[];
  readonly in: Readonly<Record<string, string>>;
  readonly out: Readonly<Record<string, string>>;
  readonly stdout: string;
}

/** Command lines that share their files and are refused, but for the few with exit 0. */
interface Rejections {
  readonly in: Readonly<Record<string, string>>;
  readonly cases: readonly { readonly args: readonly string[]; readonly exit: number }[];
}

const REJECTIONS = "rejections.json";
/** Texts of a report that every program words in its own way. */
const FREE_TEXTS = "known_limitations";
const TOLERANCE = 1e-12;

/**
 * Whole command lines in process. Each case is a file, packed from the folder of its recording, or
 * such a folder: case.json, in/, out/ and stdout.
 */
export const cli: GoldenSuite = async (folder, tally) => {
  for (const name of listGoldens(folder).filter((name) => name.endsWith(".json"))) {
    const content = JSON.parse(await readGolden(folder, name));
    if (name === REJECTIONS) await checkRejections(content, tally);
    else await checkInvocation(content, name, tally);
  }
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = `${folder}/${name}`;
    if (!isDirectory) continue;
    if (name === "_bad") await checkRejections(unpackedRejections(path), tally);
    else if (isInScope(path)) await checkInvocation(unpacked(path), name, tally);
  }
};

/** Behaviour of older releases, quirks and later features are recorded too. */
function isInScope(folder: string): boolean {
  const path = `${folder}/case.json`;
  return exists(path) && (JSON.parse(Deno.readTextFileSync(path)).scope ?? "SEED") === "SEED";
}

function unpacked(folder: string): Invocation {
  const { args } = JSON.parse(Deno.readTextFileSync(`${folder}/case.json`));
  const stdout = exists(`${folder}/stdout`) ? Deno.readTextFileSync(`${folder}/stdout`) : "";
  return { args, in: filesIn(`${folder}/in`), out: filesIn(`${folder}/out`), stdout };
}

function unpackedRejections(folder: string): Rejections {
  const cases = JSON.parse(Deno.readTextFileSync(`${folder}/cases.json`));
  return { in: filesIn(`${folder}/in`), cases };
}

/** All files below a folder by their path in it; none if there is no such folder. */
function filesIn(folder: string, prefix = ""): Record<string, string> {
  if (!exists(folder)) return {};
  return Object.fromEntries(
    [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
      isDirectory
        ? Object.entries(filesIn(`${folder}/${name}`, `${prefix}${name}/`))
        : [[`${prefix}${name}`, Deno.readTextFileSync(`${folder}/${name}`)]]
    ),
  );
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

async function checkInvocation(recorded: Invocation, name: string, tally: Tally): Promise<void> {
  const { code, stdout, stderr, io } = await blis(
    withoutDefaults(recorded.args),
    new FakeIo(recorded.in),
  );
  tally.check(code === 0, () => `${name}: exit ${code}: ${stderr}`);
  const isSpec = ["convert", "compose"].includes(recorded.args[0]!);
  check(`${name} stdout`, isSpec ? ".yaml" : ".txt", recorded.stdout, stdout, tally);
  for (const [path, text] of Object.entries(recorded.out)) {
    check(`${name} ${path}`, path, text, io.files.get(path) ?? "", tally);
  }
}

async function checkRejections({ in: files, cases }: Rejections, tally: Tally): Promise<void> {
  for (const { args, exit } of cases) {
    const { code, stdout, stderr } = await blis(withoutDefaults(args), new FakeIo(files));
    const line = args.join(" ");
    if (exit === 0) tally.check(code === 0, () => `${line}: exit ${code}: ${stderr}`);
    else tally.check(code === 2 && stdout === "" && stderr !== "", () => `${line}: exit ${code}`);
  }
}

/** The built-in defaults hold those of the recordings. */
function withoutDefaults(args: readonly string[]): string[] {
  return args.filter((arg, i) => !isOurs(arg, args[i + 1]) && !isOurs(args[i - 1], arg));
}

function isOurs(flag: string | undefined, value: string | undefined): boolean {
  return flag === "--defaults-filepath" && value === "{DATA}/defaults.yaml";
}

/** JSON and YAML are compared by value, all else by its text. */
function check(what: string, path: string, want: string, got: string, tally: Tally): void {
  if (/\.(json|yaml)$/.test(path) && want.trim() !== "") {
    const difference = differenceOf(valueOf(want), valueOf(got), "");
    tally.check(difference === undefined, () => `${what}${difference}`);
  } else {
    const [wanted, given] = [want.split("\n"), got.split("\n")];
    const line = wanted.findIndex((text, i) => text !== given[i]);
    tally.check(want === got, () => `${what}:${line + 1}: want ${wanted[line]} got ${given[line]}`);
  }
}

function valueOf(text: string): unknown {
  return text === "" ? undefined : parseDocument(text, "recorded").decode(z.unknown());
}

/** Where two values differ, and how; undefined if they do not. */
function differenceOf(want: unknown, got: unknown, path: string): string | undefined {
  if (typeof want === "number" && typeof got === "number") {
    const isClose = Math.abs(want - got) <= TOLERANCE * Math.max(Math.abs(want), Math.abs(got));
    return isClose ? undefined : `${path}: want ${want} got ${got}`;
  }
  if (!isContainer(want) || !isContainer(got)) {
    return Object.is(want, got) ? undefined : `${path}: want ${want} got ${got}`;
  }
  for (const key of new Set([...Object.keys(want), ...Object.keys(got)])) {
    const isFree = path.endsWith(FREE_TEXTS) && key in want && key in got;
    const difference = isFree ? undefined : differenceOf(want[key], got[key], `${path}.${key}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
