/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
/** A worker of `blis sweep`: simulates the runs that it is sent, one after the other. */
import { runJob, type SweepJob } from "./job.ts";

self.onmessage = async ({ data }: MessageEvent<SweepJob>) => self.postMessage(await runJob(data));
