import { type AdmissionDef, rejected } from "./admission.ts";

/** Lets no request in: the lower bound of any comparison. */
export const rejectAll: AdmissionDef = {
  summary: "let no request in",
  create: () => {
    const rejection = rejected("reject-all");
    return { reads: [], admit: () => rejection };
  },
};
