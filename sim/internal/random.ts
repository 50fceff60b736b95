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
const TAP = 273;
const SEED_MODULUS = 2147483647;
/** Below this count a bulk skip is not worth its set-up. */
const BULK = 96;

const NORMAL_TAIL = 3.442619855899;
const EXP_TAIL = 7.69711747013104972;

/**
 * A stream of random numbers: the additive lagged Fibonacci generator (607, 273) of Mitchell and
 * Reeds on 64-bit words. All draws are those of the reference, word for word.
 */
export class Random {
  /** The words of the state as (low, high) halves. */
  readonly #state = new Uint32Array(2 * LENGTH);
  #tap = 0;
  #feed = LENGTH - TAP;
  #low = 0;
  #high = 0;

  /** `seed`: any 64-bit integer, or one already reduced modulo 2^31 − 1. */
  constructor(seed: bigint | number) {
    let x = Number(BigInt(seed) % BigInt(SEED_MODULUS));
    if (x < 0) x += SEED_MODULUS;
    if (x === 0) x = 89482311;
    for (let i = 0; i < 20; i++) x = lehmer(x);
    for (let i = 0; i < LENGTH; i++) {
      const a = x = lehmer(x);
      const b = x = lehmer(x);
      const c = x = lehmer(x);
      this.#state[2 * i] = ((b << 20) ^ c) ^ SEED_WORDS[2 * i]!;
      this.#state[2 * i + 1] = ((a << 8) ^ (b >>> 12)) ^ SEED_WORDS[2 * i + 1]!;
    }
  }

  /** Draws a word into `#low` and `#high`. */
  #next(): void {
    const state = this.#state;
    this.#tap = this.#tap === 0 ? LENGTH - 1 : this.#tap - 1;
    this.#feed = this.#feed === 0 ? LENGTH - 1 : this.#feed - 1;
    const tap = 2 * this.#tap;
    const feed = 2 * this.#feed;
    const low = state[feed]! + state[tap]!;
    const high = state[feed + 1]! + state[tap + 1]! + (low > 0xffffffff ? 1 : 0);
    state[feed] = this.#low = low >>> 0;
    state[feed + 1] = this.#high = high >>> 0;
  }

  /** 64 bits. */
  uint64(): bigint {
    this.#next();
    return (BigInt(this.#high) << 32n) | BigInt(this.#low);
  }

  /** 63 bits. */
  int63(): bigint {
    return this.uint64() & 0x7fffffffffffffffn;
  }

  /** A 63-bit draw as the seed of a child stream: reduced modulo 2^31 − 1, which is all that a seed counts. */
  childSeed(): number {
    this.#next();
    return (2 * (this.#high & 0x7fffffff) + this.#low) % SEED_MODULUS;
  }

  uint32(): number {
    this.#next();
    return ((this.#high << 1) | (this.#low >>> 31)) >>> 0;
  }

  /** 31 bits. */
  int31(): number {
    this.#next();
    return this.#high & 0x7fffffff;
  }

  /** Uniform in [0, n) for n in [1, 2^31). */
  int31n(n: number): number {
    if ((n & (n - 1)) === 0) return this.int31() & (n - 1);
    const largest = largestDraw(n);
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

  /** Uniform in [0, n) for n in [1, 2^53]. */
  intn(n: number): number {
    return n <= 0x7fffffff ? this.int31n(n) : Number(this.int63n(BigInt(n)));
  }

  /** Uniform in [0, 1). */
  float64(): number {
    for (;;) {
      this.#next();
      const f = ((this.#high & 0x7fffffff) * 4294967296 + this.#low) / 9223372036854775808;
      if (f !== 1) return f;
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
    const order: number[] = new Array(n).fill(0);
    for (let i = 0; i < n; i++) {
      const j = this.intn(i + 1);
      order[i] = order[j]!;
      order[j] = i;
    }
    return order;
  }

  /** Shuffles a list in place. */
  shuffle(list: unknown[]): void {
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.#unbiased(i + 1);
      [list[i], list[j]] = [list[j], list[i]];
    }
  }

  /** Writes `count` token ids into `out` from index `from` on. */
  fillTokens(out: Int32Array, from: number, count: number): void {
    for (let i = from; i < from + count; i++) {
      let draw = this.int31();
      while (draw > LARGEST_TOKEN_DRAW) draw = this.int31();
      out[i] = draw % VOCABULARY;
    }
  }

  /** Draws `count` token ids that nobody reads: the stream is where `fillTokens` would leave it. */
  skipTokens(count: number): void {
    if (count >= BULK) {
      this.#tap = skipTokenWords(this.#state, this.#tap, count);
      this.#feed = (this.#tap + LENGTH - TAP) % LENGTH;
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

  /** Uniform in [0, n) by a product instead of a remainder. Source: D. Lemire, 2019. */
  #unbiased(n: number): number {
    let product = BigInt(this.uint32()) * BigInt(n);
    let low = Number(product & 0xffffffffn);
    if (low < n) {
      const threshold = (4294967296 - n) % n;
      while (low < threshold) {
        product = BigInt(this.uint32()) * BigInt(n);
        low = Number(product & 0xffffffffn);
      }
    }
    return Number(product >> 32n);
  }
}

/** Seed of the stream `name` of a run. One name per consumer: drawing from one moves no other. */
export function streamSeed(master: bigint, name: string): bigint {
  return name === "workload"
    ? master
    : BigInt.asIntN(64, master ^ fnv1a64(new TextEncoder().encode(name)));
}

/** FNV-1a hash of 64 bits. */
export function fnv1a64(bytes: Uint8Array): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}

function largestDraw(n: number): number {
  return 2147483647 - 2147483648 % n;
}

/** 48271·x modulo 2^31 − 1 in 32-bit arithmetic. Source: L. Schrage, 1979. */
function lehmer(x: number): number {
  const q = (x / 44488) | 0;
  const y = 48271 * (x - q * 44488) - 3399 * q;
  return y < 0 ? y + SEED_MODULUS : y;
}
