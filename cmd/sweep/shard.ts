import { UsageError } from "../../sim/internal/errors.ts";
import type { Io } from "../io.ts";

/** A share of the runs: those whose place is `index` modulo `count`. */
export interface Shard {
  /** From 0. */
  readonly index: number;
  readonly count: number;
}

/** The flags that choose a shard. */
export interface ShardFlags {
  /** `i/n`. */
  readonly shard?: string | undefined;
  readonly shardFromEnv: boolean;
  readonly numShards?: number | undefined;
}

/** Where systems that start many jobs tell each its place, and its value in the first one. */
const INDEX_VARIABLES: readonly (readonly [name: string, first: number, system: string])[] = [
  ["JOB_COMPLETION_INDEX", 0, "a Kubernetes Indexed Job"],
  ["SLURM_ARRAY_TASK_ID", 0, "a Slurm array that begins with 0"],
  ["PARALLEL_SEQ", 1, "GNU parallel"],
];

/** The shard that the flags choose; all runs if they choose none. Throws a UsageError. */
export function shardOf({ shard, shardFromEnv, numShards }: ShardFlags, io: Io): Shard {
  if (shardFromEnv) return fromEnv(numShards!, io);
  const [index, count] = (shard ?? "0/1").split("/").map(Number) as [number, number];
  if (index < count) return { index, count };
  const range = `0/${count}..${count - 1}/${count}`;
  throw new UsageError(`Cannot use ${shard} for --shard: it must be in ${range}`, {
    flag: "--shard",
    hint: "shards count from 0",
  });
}

function fromEnv(count: number, io: Io): Shard {
  const flag = "--shard-from-env";
  const found = INDEX_VARIABLES.filter(([name]) => io.env(name) !== undefined);
  const [variable, other] = found;
  if (variable === undefined) {
    const known = INDEX_VARIABLES.map(([name, , system]) => `${name} (${system})`).join(", ");
    throw new UsageError(`None of these variables is set: ${known}`, {
      flag,
      hint: "state the shard with --shard i/n",
    });
  }
  const [name, first] = variable;
  if (other !== undefined) {
    throw new UsageError(`Both ${name} and ${other[0]} are set`, {
      flag,
      hint: "state the shard with --shard i/n",
    });
  }
  const text = io.env(name)!;
  const index = /^[0-9]+$/.test(text) ? Number(text) - first : -1;
  if (index >= 0 && index < count) return { index, count };
  throw new UsageError(
    `Cannot use ${JSON.stringify(text)} of ${name} with --num-shards ${count}: ` +
      `it must be in ${first}..${first + count - 1}`,
    { flag },
  );
}
