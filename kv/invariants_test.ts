import assert from "node:assert/strict";
import fc from "fast-check";
import { requestWith } from "../tests/fixtures/requests.ts";
import { owned } from "../tests/fixtures/token_requests.ts";
import type { Request } from "../sim/request.ts";
import { BlockIds, SharedContent } from "../sim/shared_content.ts";
import { GpuCache } from "./gpu_cache.ts";
import { TieredCache } from "./tiered_cache.ts";

const BLOCK_SIZE = 4;

interface Step {
  readonly kind: "go" | "end" | "preempt" | "mirror";
  readonly who: number;
  /** Most tokens of a prompt chunk. */
  readonly tokens: number;
}

interface Plan {
  readonly requests: readonly { prompt: number; output: number; group: number; shared: number }[];
  readonly steps: readonly Step[];
}

const plan: fc.Arbitrary<Plan> = fc.record({
  requests: fc.array(
    fc.record({
      prompt: fc.integer({ min: 1, max: 40 }),
      output: fc.integer({ min: 1, max: 20 }),
      group: fc.nat(1),
      shared: fc.integer({ min: 0, max: 50 }),
    }),
    { minLength: 3, maxLength: 6 },
  ),
  steps: fc.array(
    fc.record({
      kind: fc.constantFrom("go", "go", "go", "go", "go", "go", "end", "preempt", "mirror"),
      who: fc.nat(5),
      tokens: fc.integer({ min: 1, max: 40 }),
    }),
    { minLength: 20, maxLength: 80, size: "max" },
  ),
});

/** Drives a cache as an engine does, one request a step. */
class Driver {
  readonly requests: Request[];
  readonly cache: GpuCache | TieredCache;
  readonly gpu: GpuCache;
  /** Requests that run and the tokens they have. */
  readonly progress = new Map<Request, number>();

  constructor({ requests }: Plan, create: (ids: BlockIds) => GpuCache | TieredCache) {
    const ids = new BlockIds();
    const groups = [new SharedContent(ids), new SharedContent(ids)];
    this.requests = requests.map(({ prompt, output, group, shared }, number) =>
      requestWith({
        number,
        promptTokens: prompt,
        outputTokens: output,
        shared: groups[group]!,
        sharedTokens: Math.min(shared, prompt + output),
      })
    );
    this.cache = create(ids);
    this.gpu = this.cache instanceof TieredCache ? this.cache.gpu : this.cache;
  }

  /** Whether the step could be made; undefined if there was nothing to do. */
  run({ kind, who, tokens }: Step): boolean | undefined {
    const request = this.requests[who];
    if (kind === "mirror") return void this.cache.mirror([...this.progress.keys()]);
    if (request === undefined) return undefined;
    const progress = this.progress.get(request);
    if (kind === "go") return this.#go(request, progress, tokens);
    if (progress === undefined) return undefined;
    if (kind === "end") this.cache.free(request);
    else this.cache.preempt(request, progress);
    this.progress.delete(request);
    return true;
  }

  #go(request: Request, progress: number | undefined, tokens: number): boolean | undefined {
    const { promptTokens, outputTokens } = request;
    if (progress === promptTokens + outputTokens) return undefined;
    const from = progress ?? this.cache.findCachedPrefix(request);
    const isDecode = progress !== undefined && progress >= promptTokens;
    const to = isDecode ? from + 1 : Math.min(promptTokens, from + tokens);
    const ok = isDecode
      ? this.cache.allocateDecode(request, from)
      : this.cache.allocatePrefill(request, from, to);
    if (ok) this.progress.set(request, to);
    return ok;
  }

  /** All that can be seen of the cache. */
  snapshot() {
    const { gpu, requests, cache } = this;
    return {
      free: gpu.pool.freeList(),
      content: [...gpu.pool.content],
      owned: requests.map(owned),
      counts: [gpu.hits, gpu.misses, gpu.index.size, gpu.numFreeBlocks],
      cached: requests.map((request) => cache.cachedBlocks(request)),
    };
  }
}

function forEachStep(
  numRuns: number,
  create: (ids: BlockIds) => GpuCache | TieredCache,
  check: (driver: Driver, step: Step) => void,
): void {
  fc.assert(
    fc.property(plan, (given) => {
      const driver = new Driver(given, create);
      for (const step of given.steps) check(driver, step);
      for (const request of driver.requests) driver.cache.free(request);
      assert.equal(driver.cache.numFreeBlocks, driver.cache.numBlocks);
    }),
    { seed: 1, numRuns },
  );
}

const oneTier = (ids: BlockIds) => new GpuCache(16, BLOCK_SIZE, ids);
const twoTiers = (ids: BlockIds) => tiered(16, 12, ids);

function tiered(numBlocks: number, cpuBlocks: number, ids: BlockIds): TieredCache {
  const transfer = { transferBandwidth: 1, transferBaseLatencyUs: 7 };
  return new TieredCache({ numBlocks, blockSize: BLOCK_SIZE, cpuBlocks, ...transfer }, ids);
}

for (const [name, create] of [["one tier", oneTier], ["two tiers", twoTiers]] as const) {
  Deno.test(`${name}: a block is free or held, and each findable block has the content it is found by`, () => {
    forEachStep(400, create, (driver, step) => {
      driver.run(step);
      const { free, content, owned, counts } = driver.snapshot();
      const held = new Set(owned.flat());
      assert.equal(new Set(free).size, free.length);
      assert.equal(free.length, driver.cache.numFreeBlocks);
      assert.equal(free.length + held.size, driver.cache.numBlocks);
      for (let block = 0; block < content.length; block++) {
        assert.equal(driver.gpu.pool.isFree(block), !held.has(block));
      }
      const { index } = driver.gpu;
      const findable = content.filter((id, block) => id !== 0 && index.get(id) === block);
      assert.equal(findable.length, counts[2]);
    });
  });

  Deno.test(`${name}: a look-up changes nothing, and a longer prompt finds at least as much`, () => {
    forEachStep(200, create, (driver, step) => {
      driver.run(step);
      const before = driver.snapshot();
      for (const request of driver.requests) driver.cache.findCachedPrefix(request);
      driver.gpu.found.length = 0;
      assert.deepEqual(driver.snapshot(), before);
      const { shared } = driver.requests[0]!;
      const cached = [10, 20, 50].map((tokens) =>
        driver.cache.cachedBlocks(
          requestWith({ promptTokens: tokens, shared, sharedTokens: tokens }),
        )
      );
      const longest = cached[2]!;
      assert.deepEqual(cached, [Math.min(2, longest), Math.min(5, longest), longest]);
    });
  });

  Deno.test(`${name}: hits and misses count the blocks that requests got`, () => {
    forEachStep(200, create, (driver, step) => {
      const before = driver.requests.map(({ numBlocks }) => numBlocks);
      const [hits, misses] = [driver.gpu.hits, driver.gpu.misses];
      driver.run(step);
      if (step.kind !== "go") return;
      const got = driver.requests.reduce(
        (sum, { numBlocks }, i) => sum + numBlocks - before[i]!,
        0,
      );
      assert.equal(driver.gpu.hits - hits + driver.gpu.misses - misses, got);
      assert.ok(driver.gpu.hits >= hits && driver.gpu.misses >= misses);
    });
  });

  Deno.test(`${name}: the same steps leave the same state`, () => {
    fc.assert(
      fc.property(plan, (given) => {
        const [a, b] = [new Driver(given, create), new Driver(given, create)];
        for (const step of given.steps) a.run(step);
        for (const step of given.steps) b.run(step);
        assert.deepEqual(a.snapshot(), b.snapshot());
      }),
      { seed: 1, numRuns: 100 },
    );
  });
}

Deno.test("one tier: a failed allocation changes nothing", () => {
  let numFailed = 0;
  forEachStep(400, oneTier, (driver, step) => {
    const before = driver.snapshot();
    if (driver.run(step) !== false) return;
    numFailed++;
    // A request that was never allocated before may have been looked up, no more.
    assert.deepEqual(driver.snapshot(), before);
  });
  assert.ok(numFailed > 100);
});

Deno.test("one tier: a request holds as many blocks as its tokens fill", () => {
  forEachStep(400, oneTier, (driver, step) => {
    driver.run(step);
    for (const [request, progress] of driver.progress) {
      const blocks = Math.ceil(progress / BLOCK_SIZE);
      // A prompt that is cached to its end holds none of it.
      const cached = request.promptTokens / BLOCK_SIZE;
      assert.ok([blocks, blocks - cached].includes(request.numBlocks));
    }
  });
});

Deno.test("two tiers: the CPU holds no more than it can, and what it stored and did not evict", () => {
  forEachStep(300, twoTiers, (driver, step) => {
    driver.run(step);
    const { cpu } = driver.cache as TieredCache;
    assert.equal(new Set(cpu.contents()).size, cpu.size);
    assert.ok(cpu.size <= cpu.capacity);
    assert.equal(cpu.numStored - cpu.numEvicted, cpu.size);
  });
});

Deno.test("two tiers behave as one while nothing is evicted from the GPU", () => {
  fc.assert(
    fc.property(plan, (given) => {
      const one = new Driver(given, (ids) => new GpuCache(3000, BLOCK_SIZE, ids));
      const two = new Driver(given, (ids) => tiered(3000, 20, ids));
      for (const step of given.steps) {
        // What a single tier forgets of a request's own content, two remember.
        if (step.kind === "end") continue;
        assert.equal(two.run(step), one.run(step));
        assert.deepEqual(two.gpu.pool.freeList(), one.gpu.pool.freeList());
        assert.equal(two.cache.takeTransferUs(), 0);
      }
      assert.equal(two.gpu.hits, one.gpu.hits);
    }),
    { seed: 1, numRuns: 100 },
  );
});

Deno.test("a request finds its whole prompt again as long as nothing took its blocks", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 60 }),
      (tokens, chunk) => {
        for (const create of [oneTier, twoTiers]) {
          const ids = new BlockIds();
          const cache = create(ids);
          const request = requestWith({ promptTokens: tokens });
          for (let from = 0; from < tokens; from += chunk) {
            assert.ok(cache.allocatePrefill(request, from, Math.min(tokens, from + chunk)));
          }
          cache.preempt(request, tokens);
          assert.equal(cache.cachedBlocks(request), Math.floor(tokens / BLOCK_SIZE));
        }
      },
    ),
    { seed: 1, numRuns: 300 },
  );
});
