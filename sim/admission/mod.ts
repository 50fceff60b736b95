import type { AdmissionDef } from "./admission.ts";
import { alwaysAdmit } from "./always_admit.ts";
import { gaieLegacy } from "./gaie_legacy.ts";
import { rejectAll } from "./reject_all.ts";
import { tierShed } from "./tier_shed.ts";
import { tokenBucket } from "./token_bucket.ts";

/** Admission policies by the name of `--admission-policy`. */
export const admissionPolicies = {
  "always-admit": alwaysAdmit,
  "gaie-legacy": gaieLegacy,
  "reject-all": rejectAll,
  "tier-shed": tierShed,
  "token-bucket": tokenBucket,
} satisfies Record<string, AdmissionDef>;

export type AdmissionName = keyof typeof admissionPolicies;
