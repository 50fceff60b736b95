import { toFixedEven } from "../internal/number_format.ts";
import { type AdmissionDef, ADMITTED, rejected } from "./admission.ts";

/**
 * Turns sheddable classes away while the instances are saturated on average.
 * Source: Kubernetes gateway API inference extension, legacy saturation detector.
 */
export const gaieLegacy: AdmissionDef = {
  summary: "turn away sheddable classes while the instances are saturated on average",
  create({ gaieQueueDepthThreshold, gaieKvUtilizationThreshold }, ranks) {
    return {
      reads: ["snapshot"],
      admit({ labels: { sloClass } }, { size, queueDepth, kvUtilization }) {
        if (ranks.urgency(sloClass) >= 0) return ADMITTED;
        let sum = 0;
        for (let i = 0; i < size; i++) {
          const queue = queueDepth[i]! / gaieQueueDepthThreshold;
          sum += Math.max(queue, kvUtilization[i]! / gaieKvUtilizationThreshold);
        }
        const saturation = size === 0 ? 1 : sum / size;
        if (saturation < 1) return ADMITTED;
        const text = toFixedEven(saturation, 2);
        return rejected(`gaie-saturated: class=${sloClass} saturation=${text}`);
      },
    };
  },
};
