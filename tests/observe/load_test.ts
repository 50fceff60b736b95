import assert from "node:assert/strict";
import { askAtOnce } from "./asking.ts";
import { MockServer } from "./mock_server.ts";
import { PacedStreams } from "./paced_server.ts";

const NUM_STREAMS = 1000;
const NUM_CHUNKS = 10;

Deno.test("a thousand streams at once are read without losing or reordering a chunk", async () => {
  const streams = new PacedStreams(NUM_CHUNKS, 10);
  await using server = new MockServer(() => new Response(streams.open()));
  const answers = await askAtOnce(server.url, NUM_STREAMS, { timeoutMs: 300_000 });
  for (const { status, errorMessage, numChunks, outputTokens, chunkTimesUs, sendUs } of answers) {
    assert.equal(status, "ok", errorMessage);
    assert.equal(numChunks, NUM_CHUNKS);
    // Only the last chunk says that there were so many: it came last.
    assert.equal(outputTokens, NUM_CHUNKS);
    assert.deepEqual(chunkTimesUs, chunkTimesUs.toSorted((a, b) => a - b));
    assert.ok(chunkTimesUs[0]! >= sendUs);
  }
});
