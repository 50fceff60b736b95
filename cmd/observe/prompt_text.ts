const WORDS =
  ("acorn amber apple arrow autumn bamboo basket beach bridge bronze butter cabin candle canyon " +
    "carpet castle cedar cherry circle cloud clover cobalt copper coral cotton crystal desert dragon " +
    "eagle earth echo ember engine falcon feather fern field flame forest fossil garden ginger glacier " +
    "grape harbor hazel honey horizon island ivory jacket jasmine jungle kettle ladder lagoon lantern " +
    "lemon lily linen lotus magnet maple marble meadow mirror moss mountain needle nutmeg oak ocean " +
    "olive orange orchid paper pearl pebble pepper pine planet pocket prairie quartz rabbit rain raven " +
    "ribbon river saddle saffron silver spring stone summer thunder tiger valley velvet willow")
    .split(" ");

/** All words that prompts are made of, once each: what a server is asked to count. */
export const VOCABULARY_TEXT = WORDS.join(" ");
/** How many words that is. */
export const VOCABULARY_WORDS = WORDS.length;

/**
 * A prompt that stands for token ids, for a server that counts `tokensPerWord` tokens a word. Word
 * i stands for the id at ⌊i · tokensPerWord⌋, so prompts whose ids begin alike begin alike: a
 * server finds in its cache what the workload says that requests share.
 */
export function promptText(ids: Int32Array, tokensPerWord: number): string {
  const numWords = Math.max(1, Math.round(ids.length / tokensPerWord));
  let text = "";
  for (let i = 0; i < numWords; i++) {
    const id = ids[Math.min(Math.floor(i * tokensPerWord), ids.length - 1)] ?? 0;
    text += `${WORDS[id % WORDS.length]!} `;
  }
  return text;
}
