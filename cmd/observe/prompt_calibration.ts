import type { Diagnostics } from "../diagnostics.ts";
import type { ObserveClient } from "./client.ts";
import { VOCABULARY_TEXT, VOCABULARY_WORDS } from "./prompt_text.ts";

const TIMEOUT_MS = 30_000;
const MOST_TOKENS_PER_WORD = 3;

/**
 * How many tokens the server counts for a word of our prompts, by asking it once. 1 if it does not
 * say, or if it counts in a way that no tokenizer for words does.
 */
export async function measureTokensPerWord(
  client: ObserveClient,
  diagnostics: Diagnostics,
): Promise<number> {
  const { status, errorMessage, serverInputTokens } = await client.probe(
    VOCABULARY_TEXT,
    TIMEOUT_MS,
  );
  const tokensPerWord = serverInputTokens / VOCABULARY_WORDS;
  if (tokensPerWord >= 1 && tokensPerWord <= MOST_TOKENS_PER_WORD) return tokensPerWord;
  const found = status !== "ok"
    ? errorMessage
    : serverInputTokens === 0
    ? "it does not count prompt tokens"
    : `it counts ${serverInputTokens} tokens in ${VOCABULARY_WORDS} words`;
  diagnostics.warn(
    `Cannot measure how the server splits words into tokens: ${found}`,
    "prompts have one word for each token of the workload, whatever the server makes of it",
  );
  return 1;
}
