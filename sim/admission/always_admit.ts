import { type AdmissionDef, ADMITTED } from "./admission.ts";

/** Lets every request in. */
export const alwaysAdmit: AdmissionDef = {
  summary: "let every request in",
  create: () => ({ reads: [], admit: () => ADMITTED }),
};
