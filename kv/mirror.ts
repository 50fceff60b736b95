import type { Request } from "../sim/request.ts";
import type { BlockPool } from "./block_pool.ts";
import type { CpuTier } from "./cpu_tier.ts";

/** Consecutive identities of neighbouring blocks. */
interface Run {
  /** Of the tier; 0 = none. */
  hint: number;
  readonly from: number;
  to: number;
  /** When the tier used it in the last pass. */
  usedAt: number;
}

/** The contents that a request holds, as far as its blocks were looked at. */
interface Holding {
  runs: Run[];
  numSeen: number;
}

/**
 * Copies the full blocks of the running requests to the CPU tier, remembering which they hold. A
 * pass over the same blocks as the two before, or over these and new ones, has a known effect and
 * is not made: the order in the tier stays, and as many blocks are stored as the last time.
 */
export class Mirror {
  readonly #pool: BlockPool;
  readonly #cpu: CpuTier;
  readonly #holdings = new Map<Request, Holding>();
  /** The last batch without those that left it, and their holdings. */
  readonly #batch: Request[] = [];
  readonly #order: Holding[] = [];
  /** Requests that filled a block since the last pass. */
  readonly #filling: Request[] = [];
  /** Runs that became longer since the last pass. */
  readonly #grown: Run[] = [];
  /** Uses of the tier after the last pass; -1 if somebody left the batch since. */
  #numUses = 0;
  /** True if each run lies within a stretch of its hint, so that the tier knows all that are held. */
  #isAligned = true;
  /** Blocks that a repeated pass stores again. */
  #numRestored = 0;
  /** A repeated pass finds the same blocks as before as long as fewer than this are new. */
  #spare = 0;

  constructor(pool: BlockPool, cpu: CpuTier) {
    this.#pool = pool;
    this.#cpu = cpu;
  }

  /** `request` filled a block. */
  noteFull(request: Request): void {
    this.#filling.push(request);
  }

  /** The blocks of `request` are no longer its own. */
  forget(request: Request): void {
    const holding = this.#holdings.get(request);
    if (holding === undefined) return;
    this.#releaseHints(holding.runs);
    this.#holdings.delete(request);
    const i = this.#batch.indexOf(request);
    if (i < 0) return;
    this.#batch.splice(i, 1);
    this.#order.splice(i, 1);
    this.#numUses = -1;
  }

  /** Stores or touches, in batch order, every full block of the batch that has an identity. */
  update(batch: readonly Request[]): void {
    const isSame = this.#follow(batch) && this.#numUses === this.#cpu.numUses;
    const isRepeated = this.#extendFilling() && isSame && this.#isAligned;
    if (isRepeated && this.#grown.length < this.#spare) this.#repeatPass();
    else this.#makePass(isRepeated);
    if (this.#grown.length > 0) this.#grown.length = 0;
    this.#numUses = this.#cpu.numUses;
  }

  /** Follows changes of the batch; false if there were any. */
  #follow(batch: readonly Request[]): boolean {
    const followed = this.#batch;
    let isSame = followed.length <= batch.length;
    for (let i = 0; i < batch.length; i++) {
      if (followed[i] === batch[i]) continue;
      followed[i] = batch[i]!;
      this.#order[i] = this.#holdingOf(batch[i]!);
      isSame = false;
    }
    if (followed.length > batch.length) followed.length = this.#order.length = batch.length;
    return isSame;
  }

  #holdingOf(request: Request): Holding {
    let holding = this.#holdings.get(request);
    if (holding === undefined) this.#holdings.set(request, holding = { runs: [], numSeen: 0 });
    this.#extend(holding, request);
    return holding;
  }

  /** Adds the blocks that became full; false if some are more than one new block after a known run. */
  #extendFilling(): boolean {
    if (this.#filling.length === 0) return true;
    let isPlain = true;
    for (const request of this.#filling) {
      const holding = this.#holdings.get(request);
      if (holding !== undefined) isPlain = this.#grow(holding, request) && isPlain;
    }
    this.#filling.length = 0;
    return isPlain;
  }

  #grow(holding: Holding, request: Request): boolean {
    const { runs } = holding;
    const last = runs.at(-1);
    const end = last?.to ?? 0;
    this.#extend(holding, request);
    if (last === undefined || runs.at(-1) !== last) return runs.length === 0;
    if (last.to === end) return true;
    this.#grown.push(last);
    return last.to === end + 1 && this.#cpu.lengthen(last.hint, end, last.usedAt);
  }

  /** A block gets its identity when it is full; one without that is not the last never gets one. */
  #extend(holding: Holding, { blocks, numBlocks }: Request): void {
    while (holding.numSeen < numBlocks) {
      const id = this.#pool.content[blocks[holding.numSeen]!]!;
      if (id !== 0) this.#add(holding.runs, id);
      else if (holding.numSeen === numBlocks - 1) break;
      holding.numSeen++;
    }
  }

  #add(runs: Run[], id: number): void {
    const last = runs.at(-1);
    if (last?.to === id) last.to++;
    else runs.push({ hint: 0, from: id, to: id + 1, usedAt: -1 });
  }

  #makePass(isRepeated: boolean): void {
    const cpu = this.#cpu;
    const { numStored, numCuts } = cpu;
    cpu.oldestFound = 0;
    for (const holding of this.#order) {
      const { runs } = holding;
      const hasHints = this.#hasHints(runs);
      for (const run of runs) {
        cpu.use(run.from, run.to, run.hint);
        run.usedAt = cpu.usedAt(run.hint);
      }
      if (!hasHints) holding.runs = this.#takeHints(runs);
    }
    // Either all blocks fit, so that only new ones were stored, or each that is used once was.
    const stored = cpu.numStored - numStored;
    this.#numRestored = stored > this.#grown.length ? stored : 0;
    this.#spare = isRepeated ? cpu.capacity - cpu.oldestFound - this.#grown.length : 0;
    this.#isAligned = cpu.numCuts === numCuts;
  }

  /** True if each run lies within the stretch of its hint; else takes away all hints. */
  #hasHints(runs: readonly Run[]): boolean {
    for (const { hint, to } of runs) {
      if (hint > 0 && this.#cpu.reach(hint, to) >= to) continue;
      this.#releaseHints(runs);
      return false;
    }
    return true;
  }

  #releaseHints(runs: readonly Run[]): void {
    for (const run of runs) {
      if (run.hint > 0) this.#cpu.release(run.hint);
      run.hint = 0;
    }
  }

  /** The same blocks in runs that were just used and each lie within one stretch. */
  #takeHints(runs: readonly Run[]): Run[] {
    const cpu = this.#cpu;
    const cut: Run[] = [];
    for (let i = 0; i < runs.length; i++) {
      let { from } = runs[i]!;
      while (runs[i + 1]?.from === runs[i]!.to) i++;
      const { to } = runs[i]!;
      while (from < to) {
        const hint = cpu.hold(from);
        const end = Math.min(to, cpu.reach(hint, to));
        cut.push({ hint, from, to: end, usedAt: cpu.usedAt(hint) });
        from = end;
      }
    }
    return cut;
  }

  #repeatPass(): void {
    const cpu = this.#cpu;
    const numNew = this.#grown.length;
    for (const { hint } of this.#grown) cpu.insertLast(hint);
    this.#spare -= numNew;
    if (this.#numRestored > 0) this.#numRestored += numNew;
    cpu.numStored += this.#numRestored > 0 ? this.#numRestored : numNew;
  }
}
