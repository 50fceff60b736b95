import { ConfigError, InvariantError } from "../../sim/internal/errors.ts";
import { runJob, type SweepFailure, type SweepJob, type SweepOutcome } from "./job.ts";

/** Runs one job after the other. */
interface Lane {
  run(job: SweepJob): Promise<SweepOutcome | SweepFailure>;
  close(): void;
}

/** How many runs go on at once, and where their outcomes go. */
export interface PoolOptions {
  /** 1 = all in this thread, one after the other. */
  readonly jobs: number;
  onOutcome(outcome: SweepOutcome): void;
  /** Names a run in an error. */
  nameOf(run: number): string;
}

/** Runs all jobs, made as they are needed. Throws at the first that fails. */
export async function runAll(
  jobs: Iterable<Promise<SweepJob>>,
  { jobs: numLanes, onOutcome, nameOf }: PoolOptions,
): Promise<void> {
  const queue = jobs[Symbol.iterator]();
  const lanes = Array.from({ length: numLanes }, numLanes === 1 ? thisThread : worker);
  const serve = async (lane: Lane) => {
    for (let job = queue.next(); !job.done; job = queue.next()) {
      const outcome = await lane.run(await job.value);
      if ("message" in outcome) throw failed(outcome, nameOf);
      onOutcome(outcome);
    }
  };
  try {
    await Promise.all(lanes.map(serve));
  } finally {
    for (const lane of lanes) lane.close();
  }
}

function failed(
  { run, message, hint, isUsers }: SweepFailure,
  nameOf: (run: number) => string,
): Error {
  const text = `${nameOf(run)}: ${message}`;
  if (!isUsers) return new InvariantError(text);
  return new ConfigError(text, hint === undefined ? {} : { hint });
}

function thisThread(): Lane {
  return { run: runJob, close: () => {} };
}

/** A file of its own: `import.meta.main` is true in a worker that loads the main module. */
function worker(): Lane {
  const thread = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        thread.onmessage = ({ data }) => resolve(data);
        thread.onerror = (event) => {
          event.preventDefault();
          reject(new InvariantError(event.message));
        };
        thread.postMessage(job);
      }),
    close: () => thread.terminate(),
  };
}
