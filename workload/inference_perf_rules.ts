import type { z } from "zod";
import { MAX_CLIENTS, MAX_ROUNDS, type workloadFields } from "./fields.ts";

type InferencePerf = NonNullable<z.infer<typeof workloadFields>["inference_perf"]>;

const MAX_REQUESTS_PER_CLIENT = 10_000_000;

/** The rules of an inference_perf block that concern several of its keys. */
export function checkInferencePerf(
  { stages, shared_prefix: prefix }: InferencePerf,
  report: (path: (string | number)[], message: string) => void,
): void {
  const perStage = prefix.num_unique_system_prompts * prefix.num_users_per_system_prompt;
  const numClients = perStage * stages.length;
  if (numClients > MAX_CLIENTS) {
    const message =
      `Cannot use ${numClients} clients (prompts × users × stages): the most is ${MAX_CLIENTS}`;
    return report(["inference_perf", "shared_prefix"], message);
  }
  const isMultiTurn = prefix.enable_multi_turn_chat;
  if (stages.length > 1 && !isMultiTurn) return;
  stages.forEach(({ rate, duration }, i) => {
    const path = ["inference_perf", "stages", i];
    const total = Math.trunc(rate * duration);
    const most = Math.ceil(total / perStage);
    const figures = `rate ${rate} for ${duration} s gives ${total} requests`;
    const limit = isMultiTurn ? MAX_ROUNDS : MAX_REQUESTS_PER_CLIENT;
    if (total < perStage) report(path, `Cannot serve ${perStage} clients: ${figures}`);
    else if (most > limit) {
      report(path, `Cannot use ${most} requests a client: the most is ${limit}`);
    } else if (!isMultiTurn && duration * 1e6 < most) {
      report(path, `Cannot spread ${most} requests a client over ${duration} s`);
    }
  });
}
