import { toInt } from "../../sim/internal/float.ts";
import type { LengthsDef } from "./lengths.ts";

/** Always `value`, truncated, at least 1; draws nothing. */
export const constant: LengthsDef = {
  summary: "always the same",
  required: ["value"],
  optional: [],
  create(params) {
    const length = Math.max(1, toInt(params.value!));
    return { least: length, next: () => length };
  },
};
