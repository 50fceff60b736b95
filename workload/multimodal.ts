import type { Random } from "../sim/internal/random.ts";
import type { ClientPlan, Planner } from "./client_plan.ts";
import { type Draft, drawContent, drawOutput, MAX_TOKENS } from "./draft.ts";
import type { Lengths } from "./lengths/mod.ts";
import type { DistributionSpec, MultimodalSpec } from "./spec.ts";

interface Modality {
  readonly counts: Lengths;
  readonly lengths: Lengths;
}

/** Prompts that consist of text, images, audio clips and videos, each a number of tokens. */
export class Multimodal {
  readonly #text: Lengths | undefined;
  readonly #image: Modality | undefined;
  readonly #audio: Modality | undefined;
  readonly #video: Modality | undefined;

  constructor(spec: MultimodalSpec, planner: Planner) {
    const lengths = (d: DistributionSpec) => d.type === "" ? undefined : planner.lengths(d);
    const modality = (ofCount: DistributionSpec, ofLength: DistributionSpec) => {
      const [counts, tokens] = [lengths(ofCount), lengths(ofLength)];
      return counts && tokens && { counts, lengths: tokens };
    };
    this.#text = lengths(spec.textDistribution);
    this.#image = modality(spec.imageCountDistribution, spec.imageDistribution);
    this.#audio = modality(spec.audioCountDistribution, spec.audioDistribution);
    this.#video = modality(spec.videoCountDistribution, spec.videoDistribution);
  }

  /** Draws prompt and output of a request. The output's length is drawn after the prompt's ids. */
  draw(draft: Draft, rng: Random, plan: ClientPlan): void {
    const textTokens = this.#text?.next(rng) ?? 0;
    const imageTokens = drawTokens(this.#image, rng);
    const audioTokens = drawTokens(this.#audio, rng);
    const videoTokens = drawTokens(this.#video, rng);
    draft.details = { textTokens, imageTokens, audioTokens, videoTokens, reasonRatio: 0 };
    const tokens = textTokens + imageTokens + audioTokens + videoTokens;
    draft.promptTokens = Math.max(1, tokens);
    draft.outputTokens = 0;
    drawContent(draft, rng, plan.prefix);
    drawOutput(draft, rng, plan.output.next(rng));
  }
}

function drawTokens(modality: Modality | undefined, rng: Random): number {
  if (modality === undefined) return 0;
  let tokens = 0;
  for (let left = modality.counts.next(rng); left > 0 && tokens <= MAX_TOKENS; left--) {
    tokens += modality.lengths.next(rng);
  }
  return tokens;
}
