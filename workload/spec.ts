import type { z } from "zod";
import { workloadFields } from "./fields.ts";
import type { FromFile } from "./file_keys.ts";
import { checkWorkload } from "./rules.ts";

/** A workload file with all its rules. */
export const workloadFile = workloadFields.check(checkWorkload);

/** A workload. Defaults are in place; a key is undefined only where that means something else. */
export type WorkloadSpec = FromFile<z.infer<typeof workloadFields>>;
/** A client of a workload. */
export type ClientSpec = WorkloadSpec["clients"][number];
/** Clients that differ in their number only. */
export type CohortSpec = WorkloadSpec["cohorts"][number];
/** When a client is active. */
export type LifecycleSpec = NonNullable<ClientSpec["lifecycle"]>;
/** A stretch of time, [startUs, endUs), in which a client is active. */
export type WindowSpec = LifecycleSpec["windows"][number];
/** A distribution of lengths. */
export type DistributionSpec = ClientSpec["inputDistribution"];
/** Tokens by modality. */
export type MultimodalSpec = NonNullable<ClientSpec["multimodal"]>;
/** Sessions and their share of reasoning. */
export type ReasoningSpec = NonNullable<ClientSpec["reasoning"]>;
/** Sessions of several rounds. */
export type MultiTurnSpec = NonNullable<ReasoningSpec["multiTurn"]>;
/** A load as inference-perf describes it. */
export type InferencePerfSpec = NonNullable<WorkloadSpec["inferencePerf"]>;
/** Where measured ServeGen data lie. */
export type ServegenSpec = NonNullable<WorkloadSpec["servegenData"]>;
