import { type AdmissionDef, ADMITTED, rejected } from "./admission.ts";

/** While the busiest instance has more than the threshold to do, only urgent classes are let in. */
export const tierShed: AdmissionDef = {
  summary: "turn away less urgent classes while an instance is overloaded",
  create({ tierShedThreshold, tierShedMinPriority }, ranks) {
    return {
      reads: ["snapshot", "in-flight"],
      admit({ labels: { sloClass } }, view) {
        let load = 0;
        for (let i = 0; i < view.size; i++) load = Math.max(load, view.load(i));
        const urgency = ranks.urgency(sloClass);
        if (load <= tierShedThreshold || urgency >= tierShedMinPriority) return ADMITTED;
        return rejected(
          `tier-shed: class=${sloClass} priority=${urgency} < min=${tierShedMinPriority} load=${load}`,
        );
      },
    };
  },
};
