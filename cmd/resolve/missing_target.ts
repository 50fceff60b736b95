import { UsageError } from "../../sim/internal/errors.ts";
import { nearest } from "../../sim/internal/nearest.ts";

/** A model for which no defaults say where it runs. */
export interface MissingTarget {
  /** Its id in lower case. */
  readonly model: string;
  /** What is to be given instead, e.g. `--hardware`. */
  readonly flags: readonly string[];
  /** Ids of the models that have defaults. */
  readonly known: Iterable<string>;
  /** True if coefficients would do as well, since no latency model is asked for. */
  readonly takesCoefficients: boolean;
}

/** The error for it: it names the model that may be meant, or else what to give. */
export function missingTarget(
  { model, flags, known, takesCoefficients }: MissingTarget,
): UsageError {
  const message = `Model "${model}" needs ${flags.join(" and ")}: no defaults are known for it`;
  const similar = similarId(model, [...known]);
  const example = "e.g. --hardware H100 --tp 1";
  const steps = [
    similar === undefined ? example : `perhaps --model ${similar} is meant; else give ${example}`,
    ...(takesCoefficients ? ["--alpha-coeffs and --beta-coeffs do without both"] : []),
  ];
  return new UsageError(message, {
    flag: similar === undefined ? flags[0]! : "--model",
    hint: steps.join("; "),
  });
}

/** An id of the same name in another organisation, or the one spelled most alike. */
function similarId(model: string, known: readonly string[]): string | undefined {
  const name = nameOf(model);
  const names = known.map(nameOf);
  return known[names.indexOf(name)] ?? nearest(model, known) ??
    known[names.indexOf(nearest(name, names) ?? "")];
}

function nameOf(id: string): string {
  return id.slice(id.indexOf("/") + 1);
}
