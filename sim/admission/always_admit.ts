import { ADMITTED } from "./admission.ts";

/** Lets every request in. */
export const alwaysAdmit = {
  summary: "let every request in",
  create: () => ({ admit: () => ADMITTED }),
};
