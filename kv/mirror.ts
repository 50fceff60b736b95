import { shorten } from "../sim/internal/shorten.ts";
import type { Request } from "../sim/request.ts";
import type { BlockPool } from "./block_pool.ts";
import type { CpuTier } from "./cpu_tier.ts";

/** Consecutive identities of neighbouring blocks. */
interface Run {
  /** Of the tier; 0 = none. */
  hint: number;
  readonly from: number;
  to: number;
  /** Uses of the tier after its use in the last pass. */
  usedAt: number;
  /** True if nobody before it in the batch holds the same. */
  isFirst: boolean;
}

/** The contents that a request holds, as far as its blocks were looked at. */
interface Holding {
  runs: Run[];
  numSeen: number;
}

/**
 * Copies the full blocks of the running requests to the CPU tier, remembering which they hold. What
 * a second pass over the same blocks does, and over these and a few new ones, is known after the
 * first: it stores the same blocks again, or none, and leaves the order in the tier. So it is only
 * counted.
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
    const isRepeated = this.#extendFilling() && isSame && this.#grown.length < this.#spare;
    if (isRepeated) this.#repeatPass();
    else this.#makePass();
    shorten(this.#grown, 0);
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
    shorten(followed, batch.length);
    shorten(this.#order, batch.length);
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
    const filling = this.#filling;
    for (let i = 0; i < filling.length; i++) {
      const request = filling[i]!;
      const holding = this.#holdings.get(request);
      if (holding !== undefined) isPlain = this.#grow(holding, request) && isPlain;
    }
    shorten(filling, 0);
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
    else runs.push({ hint: 0, from: id, to: id + 1, usedAt: 0, isFirst: true });
  }

  #makePass(): void {
    const cpu = this.#cpu;
    const { numUses } = cpu;
    let longestGap = 0;
    let isKnown = true;
    for (let i = 0; i < this.#order.length; i++) {
      const holding = this.#order[i]!;
      const { runs } = holding;
      const hasHints = this.#takeHints(runs);
      for (let j = 0; j < runs.length; j++) {
        const run = runs[j]!;
        const usedAt = cpu.usedAt(run.hint);
        run.isFirst = usedAt <= numUses;
        const gap = cpu.numUses - usedAt + run.to - run.from;
        if (!run.isFirst && gap > longestGap) longestGap = gap;
        cpu.use(run.from, run.to, run.hint);
        run.usedAt = cpu.numUses;
      }
      if (hasHints) continue;
      holding.runs = this.#cutRuns(runs);
      isKnown = false;
    }
    this.#spare = isKnown ? this.#foresee(numUses, longestGap) : 0;
  }

  /**
   * Foresees the next pass after one that began at `start` and in which the longest stretch from a
   * use to a repeated one was `longestGap`. Either all blocks fit, or those are evicted that are
   * used once a pass. Returns the new blocks up to which that holds; 0 where it is not clear.
   */
  #foresee(start: number, longestGap: number): number {
    const cpu = this.#cpu;
    const { capacity, numUses } = cpu;
    let numDistinct = 0;
    this.#numRestored = 0;
    for (let i = 0; i < this.#order.length; i++) {
      const { runs } = this.#order[i]!;
      for (let j = 0; j < runs.length; j++) {
        const { isFirst, hint, from, to, usedAt } = runs[j]!;
        // A later run of the batch may have cut the stretch, or lengthened it.
        if (!cpu.fits(hint, from, to)) return 0;
        if (!isFirst) continue;
        numDistinct += to - from;
        const lastUsedAt = cpu.usedAt(hint);
        if (lastUsedAt === usedAt) this.#numRestored += to - from;
        else longestGap = Math.max(longestGap, numUses - lastUsedAt + usedAt - start);
      }
    }
    if (numDistinct > capacity) return capacity - longestGap;
    this.#numRestored = 0;
    return Math.max(0, capacity - (numUses - start));
  }

  /** Makes the hint of each run a stretch of the same blocks; false, and no hints, if there is none for some. */
  #takeHints(runs: readonly Run[]): boolean {
    const cpu = this.#cpu;
    for (let i = 0; i < runs.length; i++) {
      const run = runs[i]!;
      if (run.hint === 0) run.hint = cpu.hold(run.from);
      if (cpu.fits(run.hint, run.from, run.to)) continue;
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

  /** The same blocks, which were just used, in runs that each lie within one stretch. */
  #cutRuns(runs: readonly Run[]): Run[] {
    const cpu = this.#cpu;
    const cut: Run[] = [];
    for (let i = 0; i < runs.length; i++) {
      let { from } = runs[i]!;
      while (runs[i + 1]?.from === runs[i]!.to) i++;
      const { to } = runs[i]!;
      while (from < to) {
        const hint = cpu.hold(from);
        const end = Math.min(to, cpu.reach(hint, to));
        cut.push({ hint, from, to: end, usedAt: 0, isFirst: true });
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
