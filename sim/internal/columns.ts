/** A growable column of doubles. `data` may be longer than `length`; it changes when it grows. */
export class Float64Column {
  data: Float64Array<ArrayBuffer>;
  length = 0;

  /** Has room for `capacity` values, at least 1, before it grows. */
  constructor(capacity = 16) {
    this.data = new Float64Array(capacity);
  }

  push(value: number): void {
    if (this.length === this.data.length) {
      this.data = new Float64Array(this.data.buffer.transfer(this.data.byteLength * 2));
    }
    this.data[this.length++] = value;
  }

  /** The values so far, without a copy. */
  view(): Float64Array {
    return this.data.subarray(0, this.length);
  }
}

/** A growable column of 32-bit integers. */
export class Int32Column {
  data: Int32Array<ArrayBuffer>;
  length = 0;

  /** Has room for `capacity` values, at least 1, before it grows. */
  constructor(capacity = 16) {
    this.data = new Int32Array(capacity);
  }

  push(value: number): void {
    if (this.length === this.data.length) {
      this.data = new Int32Array(this.data.buffer.transfer(this.data.byteLength * 2));
    }
    this.data[this.length++] = value;
  }
}

/** A column of 32-bit integers, most of them alike; it takes no memory while all are. */
export class UniformInt32Column {
  readonly #common: number;
  readonly #stored: Int32Column;

  /** `common` is the value of every index that was not set; `capacity` as of any column. */
  constructor(common: number, capacity?: number) {
    this.#common = common;
    this.#stored = new Int32Column(capacity);
  }

  at(i: number): number {
    return i < this.#stored.length ? this.#stored.data[i]! : this.#common;
  }

  set(i: number, value: number): void {
    if (i >= this.#stored.length && value === this.#common) return;
    while (this.#stored.length <= i) this.#stored.push(this.#common);
    this.#stored.data[i] = value;
  }
}
