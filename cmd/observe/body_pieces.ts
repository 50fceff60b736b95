const BUFFER_BYTES = 16 * 1024;

/**
 * Gives each piece of a body to `take` as it arrives, until one call returns false; the bytes may
 * not be kept. Reads into one buffer, since a new one for each piece would cost as much as the
 * reading.
 */
export async function takePieces(
  body: ReadableStream<Uint8Array> | null,
  take: (bytes: Uint8Array) => boolean,
): Promise<void> {
  if (body === null) return;
  const reader = body.getReader({ mode: "byob" });
  let buffer = new Uint8Array(BUFFER_BYTES);
  try {
    for (;;) {
      const { done, value } = await reader.read(buffer);
      if (done || !take(value)) return;
      buffer = new Uint8Array(value.buffer);
    }
  } finally {
    // What is not read to its end would keep its connection.
    await reader.cancel().catch(() => {});
  }
}
