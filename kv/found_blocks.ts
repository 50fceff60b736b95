/** Blocks that a look-up found, in the order of the prompt; the first `length` entries count. */
export class FoundBlocks {
  blocks = new Int32Array(64);
  length = 0;

  /** Makes room for `count` blocks; what was found before is lost. */
  reserve(count: number): void {
    if (this.blocks.length < count) this.blocks = new Int32Array(2 * count);
  }
}
