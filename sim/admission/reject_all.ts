import type { Admission } from "./admission.ts";

const REJECTED: Admission = { admitted: false, reason: "reject-all" };

/** Lets no request in: the lower bound of any comparison. */
export const rejectAll = {
  summary: "let no request in",
  create: () => ({ admit: () => REJECTED }),
};
