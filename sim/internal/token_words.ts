/** Token ids are drawn from [0, VOCABULARY). */
export const VOCABULARY = 128000;
/** The largest 31-bit draw that is used for a token id; those above are drawn again. */
export const LARGEST_TOKEN_DRAW = 2147483647 - 2147483648 % VOCABULARY;

/*
 * Skipping token ids is the largest part of making a request: their values matter to nobody, yet
 * each must be drawn, since a rejected draw takes another word. WebAssembly adds two words of the
 * state at once, where plain code needs two additions and a carry for each.
 */

const RING_WORDS = 607;
const TAP_TO_FEED = 607 - 273;
const WORD_BYTES = 8;

const I32 = 0x7f;
const I64 = 0x7e;
const V128 = 0x7b;

const op = {
  if: [0x04, 0x40],
  loop: [0x03, 0x40],
  end: [0x0b],
  branchIf: [0x0d, 0],
  get: (local: number) => [0x20, local],
  set: (local: number) => [0x21, local],
  tee: (local: number) => [0x22, local],
  i32: (value: number) => [0x41, ...signed(value)],
  i64: (value: number) => [0x42, ...signed(value)],
  add32: [0x6a],
  subtract32: [0x6b],
  and32: [0x71],
  greater32: [0x4a],
  load64: [0x29, 3, 0],
  store64: [0x37, 3, 0],
  add64: [0x7c],
  shiftRight64: [0x88],
  low32: [0xa7],
  v128: (lanes: readonly number[]) => [0xfd, 0x0c, ...new Uint8Array(new Int32Array(lanes).buffer)],
  load128: [0xfd, 0x00, 3, 0],
  store128: [0xfd, 0x0b, 3, 0],
  add64x2: [0xfd, 0xce, 0x01],
  and128: [0xfd, 0x4e],
  greater32x4: [0xfd, 0x3b],
  subtract32x4: [0xfd, 0xb1, 0x01],
  lane32: (lane: number) => [0xfd, 0x1b, lane],
};

// Parameters: byte offsets behind the word to draw next and behind the one that is added to it.
const FEED = 0;
const TAP = 1;
const WORDS = 2;
// Locals.
const REJECTED = 3;
const WORD = 4;
const PAIR = 5;
const PAIRS_REJECTED = 6;

/**
 * Draws WORDS words downwards from FEED, a stretch in which neither offset wraps. Yields how many
 * of them are no token ids.
 */
const drawStretch = [
  // An odd count begins with a word on its own.
  [...op.get(WORDS), ...op.i32(1), ...op.and32, ...op.if],
  stepBack(1),
  [...op.get(FEED), ...op.get(FEED), ...op.load64, ...op.get(TAP), ...op.load64],
  [...op.add64, ...op.tee(WORD), ...op.store64],
  [...op.get(WORD), ...op.i64(32), ...op.shiftRight64, ...op.low32],
  [...op.i32(0x7fffffff), ...op.and32, ...op.i32(LARGEST_TOKEN_DRAW), ...op.greater32],
  op.set(REJECTED),
  op.end,
  [...op.get(WORDS), ...op.if, ...op.loop],
  stepBack(2),
  [...op.get(FEED), ...op.get(FEED), ...op.load128, ...op.get(TAP), ...op.load128],
  [...op.add64x2, ...op.tee(PAIR), ...op.store128],
  // A lane that is greater becomes −1. Low halves are masked to 0, which never is.
  [...op.get(PAIRS_REJECTED), ...op.get(PAIR), ...op.v128([0, 0x7fffffff, 0, 0x7fffffff])],
  [...op.and128, ...op.v128(Array(4).fill(LARGEST_TOKEN_DRAW)), ...op.greater32x4],
  [...op.subtract32x4, ...op.set(PAIRS_REJECTED)],
  [...op.get(WORDS), ...op.branchIf],
  [...op.end, ...op.end],
  [...op.get(PAIRS_REJECTED), ...op.lane32(1), ...op.get(PAIRS_REJECTED), ...op.lane32(3)],
  [...op.add32, ...op.get(REJECTED), ...op.add32],
  op.end,
].flat();

/** Moves both offsets down by some words and takes these off the count. */
function stepBack(words: number): number[] {
  const bytes = words * WORD_BYTES;
  return [...lower(FEED, bytes), ...lower(TAP, bytes), ...lower(WORDS, words)];
}

function lower(local: number, by: number): number[] {
  return [...op.get(local), ...op.i32(by), ...op.subtract32, ...op.set(local)];
}

/** A module that exports its memory and `drawStretch`. Source: WebAssembly 2.0, section 5. */
function moduleBytes(): Uint8Array<ArrayBuffer> {
  const name = (text: string) => [text.length, ...new TextEncoder().encode(text)];
  const locals = [3, 1, I32, 1, I64, 2, V128];
  const code = [...locals, ...drawStretch];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 3, I32, I32, I32, 1, I32]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...name("drawStretch"), 0, 0, ...name("memory"), 2, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

/** Variable-length integers of 7 bits a byte (LEB128). */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  return value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)];
}

interface TokenWords {
  readonly state: Int32Array;
  drawStretch(feed: number, tap: number, words: number): number;
}

let loaded: TokenWords | undefined;

function load(): TokenWords {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes()));
  return {
    state: new Int32Array((exports.memory as WebAssembly.Memory).buffer, 0, 2 * RING_WORDS),
    drawStretch: exports.drawStretch as TokenWords["drawStretch"],
  };
}

/**
 * Advances a generator over `count` token ids. `state` holds its 607 words as (low, high) halves,
 * `tap` the index that was read last, in [0, 607). Returns the new tap.
 */
export function skipTokenWords(state: Int32Array, tap: number, count: number): number {
  const words = loaded ??= load();
  words.state.set(state);
  let feed = (tap + TAP_TO_FEED) % RING_WORDS;
  while (count > 0) {
    if (tap === 0) tap = RING_WORDS;
    if (feed === 0) feed = RING_WORDS;
    const stretch = Math.min(tap, feed, count);
    count -= stretch - words.drawStretch(feed * WORD_BYTES, tap * WORD_BYTES, stretch);
    tap -= stretch;
    feed -= stretch;
  }
  state.set(words.state);
  return tap;
}
