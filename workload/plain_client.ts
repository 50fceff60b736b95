import type { ClientSpec } from "./spec.ts";

/** A client that says nothing: what all others are made from. */
export const plainClient: ClientSpec = {
  id: "",
  tenantId: "",
  sloClass: "",
  model: "",
  adapter: "",
  rateFraction: 0,
  concurrency: 0,
  thinkTimeUs: 0,
  arrival: { process: "" },
  inputDistribution: { type: "", params: {}, file: "" },
  outputDistribution: { type: "", params: {}, file: "" },
  prefixGroup: "",
  prefixLength: 0,
  streaming: false,
};
