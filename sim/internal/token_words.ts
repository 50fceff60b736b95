/** Token ids are drawn from [0, VOCABULARY). */
export const VOCABULARY = 128000;
/** The largest 31-bit draw that is used for a token id; those above are drawn again. */
export const LARGEST_TOKEN_DRAW = 2147483647 - 2147483648 % VOCABULARY;

/*
 * Skipping token ids is the largest part of making a request: their values matter to nobody, yet
 * each must be drawn, since a rejected draw takes another word. In WebAssembly a 64-bit word is one
 * addition instead of two with a carry, which is four times as fast as the plain loop.
 */

const STATE_BYTES = 607 * 8;
const TAP_TO_FEED_BYTES = (607 - 273) * 8;

const I32 = 0x7f;
const I64 = 0x7e;
const op = {
  loop: [0x03, 0x40],
  if: [0x04, 0x40],
  end: [0x0b],
  branchIf: (depth: number) => [0x0d, depth],
  get: (local: number) => [0x20, local],
  set: (local: number) => [0x21, local],
  tee: (local: number) => [0x22, local],
  i32: (value: number) => [0x41, ...signed(value)],
  i64: (value: number) => [0x42, ...signed(value)],
  load64: [0x29, 3, 0],
  store64: [0x37, 3, 0],
  lessThan: [0x48],
  atLeast: [0x4e],
  atMostUnsigned: [0x4d],
  and: [0x71],
  add: [0x6a],
  subtract: [0x6b],
  add64: [0x7c],
  shiftRight64: [0x88],
  wrap: [0xa7],
};

/** Locals of the function: parameters first. Offsets are in bytes. */
const TAP = 0;
const COUNT = 1;
const FEED = 2;
const WORD = 3;

/** Draws words until COUNT of them are usable as token ids; returns the new tap offset. */
const body = [
  [...op.get(TAP), ...op.i32(TAP_TO_FEED_BYTES), ...op.add, ...op.tee(FEED)],
  [...op.i32(STATE_BYTES), ...op.atLeast, ...op.if],
  [...op.get(FEED), ...op.i32(STATE_BYTES), ...op.subtract, ...op.set(FEED)],
  op.end,
  op.loop,
  stepBack(TAP),
  stepBack(FEED),
  [...op.get(FEED), ...op.get(FEED), ...op.load64, ...op.get(TAP), ...op.load64],
  [...op.add64, ...op.tee(WORD), ...op.store64],
  [...op.get(COUNT), ...op.get(WORD), ...op.i64(32), ...op.shiftRight64, ...op.wrap],
  [...op.i32(0x7fffffff), ...op.and, ...op.i32(LARGEST_TOKEN_DRAW), ...op.atMostUnsigned],
  [...op.subtract, ...op.tee(COUNT), ...op.branchIf(0)],
  op.end,
  op.get(TAP),
  op.end,
].flat();

/** Moves an offset one word down the ring. */
function stepBack(local: number): number[] {
  return [
    [...op.get(local), ...op.i32(8), ...op.subtract, ...op.tee(local)],
    [...op.i32(0), ...op.lessThan, ...op.if],
    [...op.get(local), ...op.i32(STATE_BYTES), ...op.add, ...op.set(local)],
    op.end,
  ].flat();
}

function module(): Uint8Array<ArrayBuffer> {
  const name = (text: string) => [text.length, ...new TextEncoder().encode(text)];
  const code = [2, 1, I32, 1, I64, ...body];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 2, I32, I32, 1, I32]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...name("skip"), 0, 0, ...name("memory"), 2, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  return value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)];
}

interface Skipper {
  readonly words: Uint32Array;
  skip(tapBytes: number, count: number): number;
}

let skipper: Skipper | undefined;

function load(): Skipper {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module()));
  const memory = exports.memory as WebAssembly.Memory;
  return {
    words: new Uint32Array(memory.buffer, 0, STATE_BYTES / 4),
    skip: exports.skip as Skipper["skip"],
  };
}

/**
 * Advances a generator over `count` > 0 token ids: `state` holds its 607 words as (low, high)
 * halves, `tap` its first index. Returns the new tap.
 */
export function skipTokenWords(state: Uint32Array, tap: number, count: number): number {
  skipper ??= load();
  skipper.words.set(state);
  const end = skipper.skip(tap * 8, count);
  state.set(skipper.words);
  return end / 8;
}
