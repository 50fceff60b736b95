import { exp, ln } from "./float.ts";
import {
  EXP_BOUND,
  EXP_DENSITY,
  EXP_WIDTH,
  NORMAL_BOUND,
  NORMAL_DENSITY,
  NORMAL_WIDTH,
  SEED_WORDS,
} from "./random_tables.ts";
import { LARGEST_TOKEN_DRAW, skipTokenWords, VOCABULARY } from "./token_words.ts";

const LENGTH = 607;
const TAP_TO_FEED = LENGTH - 273;
const SEED_MODULUS = 2147483647;
/** Stands in for a seed of 0, from which the seeding would never leave. */
const ZERO_SEED = 89482311;
/** Below this count a bulk skip costs more than it saves. */
const BULK = 32;

const NORMAL_TAIL = 3.442619855899;
const EXP_TAIL = 7.69711747013104972;

/**
 * A stream of random numbers: the additive lagged Fibonacci generator (607, 273) of D. P. Mitchell
 * and J. A. Reeds on 64-bit words. Every draw is that of the reference, so its order and the number
 * of words it takes are part of the contract. Source: Go, math/rand.
 */
export class Random {
  /** The words of the state as (low, high) halves; signed, which the engine adds fastest. */
  readonly #state = new Int32Array(2 * LENGTH);
  #tap = 0;
  #feed = TAP_TO_FEED;
  /** Low half of the last word, signed. */
  #low = 0;

  /** `seed`: any 64-bit integer, or a number in [0, 2^31 − 1) as `childSeed` gives it. */
  constructor(seed: bigint | number) {
    let x = Number(BigInt(seed) % BigInt(SEED_MODULUS));
    if (x < 0) x += SEED_MODULUS;
    if (x === 0) x = ZERO_SEED;
    for (let i = 0; i < 20; i++) x = lehmer(x);
    for (let i = 0; i < 2 * LENGTH; i += 2) {
      const a = x = lehmer(x);
      const b = x = lehmer(x);
      const c = x = lehmer(x);
      this.#state[i] = ((b << 20) ^ c) ^ SEED_WORDS[i]!;
      this.#state[i + 1] = ((a << 8) ^ (b >>> 12)) ^ SEED_WORDS[i + 1]!;
    }
  }

  /** Draws a word: returns its high half, signed, and leaves the low one in `#low`. */
  #next(): number {
    const state = this.#state;
    this.#tap = this.#tap === 0 ? LENGTH - 1 : this.#tap - 1;
    this.#feed = this.#feed === 0 ? LENGTH - 1 : this.#feed - 1;
    const tap = 2 * this.#tap;
    const feed = 2 * this.#feed;
    const tapLow = state[tap]!;
    const low = (state[feed]! + tapLow) | 0;
    const carry = low >>> 0 < tapLow >>> 0 ? 1 : 0;
    const high = (state[feed + 1]! + state[tap + 1]! + carry) | 0;
    state[feed] = this.#low = low;
    state[feed + 1] = high;
    return high;
  }

  /** 64 bits. */
  uint64(): bigint {
    const high = this.#next() >>> 0;
    return (BigInt(high) << 32n) | BigInt(this.#low >>> 0);
  }

  /** 63 bits. */
  int63(): bigint {
    return BigInt.asUintN(63, this.uint64());
  }

  /** A 63-bit draw as the seed of another stream: modulo 2^31 − 1, which is all that counts of it. */
  childSeed(): number {
    const high = this.#next() & 0x7fffffff;
    return (2 * high + (this.#low >>> 0)) % SEED_MODULUS;
  }

  /** 32 bits. */
  uint32(): number {
    const high = this.#next();
    return ((high << 1) | (this.#low >>> 31)) >>> 0;
  }

  /** 31 bits. */
  int31(): number {
    return this.#next() & 0x7fffffff;
  }

  /** Uniform in [0, n) for integers n in [1, 2^31). */
  int31n(n: number): number {
    if ((n & (n - 1)) === 0) return this.int31() & (n - 1);
    const largest = 0x7fffffff - 0x80000000 % n;
    let draw = this.int31();
    while (draw > largest) draw = this.int31();
    return draw % n;
  }

  /** Uniform in [0, n) for n in [1, 2^63). */
  int63n(n: bigint): bigint {
    if ((n & (n - 1n)) === 0n) return this.int63() & (n - 1n);
    const largest = (1n << 63n) - 1n - (1n << 63n) % n;
    let draw = this.int63();
    while (draw > largest) draw = this.int63();
    return draw % n;
  }

  /** Uniform in [0, n) for integers n in [1, 2^53]. */
  intn(n: number): number {
    return n <= 0x7fffffff ? this.int31n(n) : Number(this.int63n(BigInt(n)));
  }

  /** Uniform in [0, 1). */
  float64(): number {
    for (;;) {
      const high = this.#next() & 0x7fffffff;
      const value = (high * 2 ** 32 + (this.#low >>> 0)) / 2 ** 63;
      if (value !== 1) return value;
    }
  }

  /** Normal with mean 0 and deviation 1. Source: Marsaglia and Tsang's ziggurat of 128 layers. */
  normal(): number {
    for (;;) {
      const j = this.uint32() | 0;
      const i = j & 0x7f;
      const x = j * NORMAL_WIDTH[i]!;
      if (Math.abs(j) < NORMAL_BOUND[i]!) return x;
      if (i === 0) return this.#normalTail(j > 0);
      if (this.#isBelow(NORMAL_DENSITY, i, exp(-0.5 * x * x))) return x;
    }
  }

  /** Exponential with mean 1. Source: Marsaglia and Tsang's ziggurat of 256 layers. */
  exponential(): number {
    for (;;) {
      const j = this.uint32();
      const i = j & 0xff;
      const x = j * EXP_WIDTH[i]!;
      if (j < EXP_BOUND[i]!) return x;
      if (i === 0) return EXP_TAIL - ln(this.float64());
      if (this.#isBelow(EXP_DENSITY, i, exp(-x))) return x;
    }
  }

  /** A random order of 0 … n − 1. */
  permutation(n: number): number[] {
    const order: number[] = [];
    for (let i = 0; i < n; i++) {
      const j = this.int31n(i + 1);
      order[i] = j === i ? i : order[j]!;
      order[j] = i;
    }
    return order;
  }

  /** Shuffles a list of fewer than 2^21 items in place. */
  shuffle(list: unknown[]): void {
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.#unbiased(i + 1);
      [list[i], list[j]] = [list[j], list[i]];
    }
  }

  /** Writes `count` token ids, uniform in [0, VOCABULARY), into `out` from index `from` on. */
  fillTokens(out: Int32Array, from: number, count: number): void {
    const state = this.#state;
    const end = from + count;
    while (from < end) {
      if (this.#tap === 0) this.#tap = LENGTH;
      if (this.#feed === 0) this.#feed = LENGTH;
      const stretch = Math.min(this.#tap, this.#feed, end - from);
      const back = 2 * (this.#feed - this.#tap);
      const last = 2 * (this.#tap - stretch);
      for (let tap = 2 * this.#tap - 2; tap >= last; tap -= 2) {
        const feed = tap + back;
        const tapLow = state[tap]!;
        const low = (state[feed]! + tapLow) | 0;
        const carry = low >>> 0 < tapLow >>> 0 ? 1 : 0;
        const high = (state[feed + 1]! + state[tap + 1]! + carry) | 0;
        state[feed] = low;
        state[feed + 1] = high;
        const draw = high & 0x7fffffff;
        out[from] = draw % VOCABULARY;
        if (draw <= LARGEST_TOKEN_DRAW) from++;
      }
      this.#tap -= stretch;
      this.#feed -= stretch;
    }
  }

  /** Draws `count` token ids that nobody reads: the stream is where `fillTokens` would leave it. */
  skipTokens(count: number): void {
    if (count >= BULK) {
      this.#tap = skipTokenWords(this.#state, this.#tap, count);
      this.#feed = (this.#tap + TAP_TO_FEED) % LENGTH;
      return;
    }
    for (let accepted = 0; accepted < count;) {
      if (this.int31() <= LARGEST_TOKEN_DRAW) accepted++;
    }
  }

  #normalTail(positive: boolean): number {
    for (;;) {
      const x = -ln(this.float64()) * (1 / NORMAL_TAIL);
      const y = -ln(this.float64());
      if (y + y >= x * x) return positive ? NORMAL_TAIL + x : -NORMAL_TAIL - x;
    }
  }

  /** Compares a random height within layer `i` with the density there, in single precision. */
  #isBelow(layers: Float32Array, i: number, density: number): boolean {
    const span = Math.fround(layers[i - 1]! - layers[i]!);
    const height = Math.fround(Math.fround(this.float64()) * span);
    return Math.fround(layers[i]! + height) < Math.fround(density);
  }

  /** Uniform in [0, n) for n < 2^21, so that the product is exact. Source: D. Lemire, 2019. */
  #unbiased(n: number): number {
    const threshold = (2 ** 32 - n) % n;
    let product = this.uint32() * n;
    while (product >>> 0 < threshold) product = this.uint32() * n;
    return Math.floor(product / 2 ** 32);
  }
}

/** Seed of the stream `name` of a run. One name per consumer: drawing from one moves no other. */
export function streamSeed(master: bigint, name: string): bigint {
  return name === "workload" ? master : wrapInt64(master ^ fnv1a64(name));
}

/** FNV-1a hash of 64 bits, unsigned; a text counts as UTF-8. Source: Fowler, Noll and Vo. */
export function fnv1a64(content: Uint8Array | string): bigint {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}

/** An integer reduced to a signed one of 64 bits, as sums and products of seeds are. */
export function wrapInt64(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

/** 48271·x modulo 2^31 − 1 in 32-bit arithmetic. Source: L. Schrage, 1979. */
function lehmer(x: number): number {
  const q = (x / 44488) | 0;
  const y = 48271 * (x - q * 44488) - 3399 * q;
  return y < 0 ? y + SEED_MODULUS : y;
}
