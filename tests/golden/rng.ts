import { fnv1a64, Random, streamSeed } from "../../sim/internal/random.ts";
import { type GoldenSuite, listGoldens, readGolden, type Tally } from "./harness.ts";

/** Sequences of every kind of draw, seeds of the named streams, and the rare tails of the ziggurats. */
export const rng: GoldenSuite = async (folder, tally) => {
  for (const name of listGoldens(folder)) {
    if (!name.endsWith(".json")) continue;
    const recorded = JSON.parse(await readGolden(folder, name));
    if (name === "streams.json") recorded.forEach((stream: Stream) => checkStream(stream, tally));
    else if (name.startsWith("tails_")) checkTails(recorded, tally);
    else checkDraws(name, recorded, tally);
  }
};

/** Keys: master, name, fnv1a64_hex, derived_seed, int63_0 to int63_2. */
type Stream = Readonly<Record<string, string>>;

function checkStream(stream: Stream, tally: Tally): void {
  const name = stream.name!;
  const master = stream.master!;
  const seed = streamSeed(BigInt(master), name);
  const random = new Random(seed);
  const hash = fnv1a64(name).toString(16).padStart(16, "0");
  tally.equal(hash, stream.fnv1a64_hex, `hash of ${name}`);
  tally.equal(String(seed), stream.derived_seed, `seed of ${name} under ${master}`);
  for (const i of [0, 1, 2]) {
    tally.equal(String(random.int63()), stream[`int63_${i}`], `${name} under ${master}, draw ${i}`);
  }
}

interface Tails {
  readonly seed: string;
  readonly draws: number;
  readonly [list: `${string}_tail_first300`]: { draw_index: number; value: number }[];
  readonly [draw: `${string}_int63_after`]: string;
}

function checkTails(tails: Tails, tally: Tally): void {
  const kinds = {
    norm: (random: Random) => random.normal(),
    exp: (random: Random) => random.exponential(),
  };
  for (const [kind, draw] of Object.entries(kinds)) {
    const random = new Random(BigInt(tails.seed));
    const wanted = new Map(tails[`${kind}_tail_first300`]!.map((t) => [t.draw_index, t.value]));
    for (let i = 0; i < tails.draws; i++) {
      const value = draw(random);
      if (wanted.has(i)) tally.equal(value, wanted.get(i), `${kind} tail at ${i}`);
    }
    tally.equal(
      String(random.int63()),
      tails[`${kind}_int63_after`],
      `${kind}: draw after the tails`,
    );
  }
}

/** Each list is drawn from a fresh generator. */
function checkDraws(name: string, recorded: Record<string, unknown>, tally: Tally): void {
  for (const [kind, list] of Object.entries(recorded)) {
    if (!Array.isArray(list)) continue;
    const random = new Random(seedOf(name));
    list.forEach((want, i) => tally.equal(draw(random, kind, i), want, `${name} ${kind}[${i}]`));
  }
}

/** `seed_42.json`, or `seed_42_workload-gen.json` for a stream of it. */
function seedOf(name: string): bigint {
  const [, master, stream] = /^seed_(-?\d+)(?:_(.+))?\.json$/.exec(name)!;
  return stream === undefined ? BigInt(master!) : streamSeed(BigInt(master!), stream);
}

function draw(random: Random, kind: string, i: number): unknown {
  const bound = kind.slice(kind.indexOf("_") + 1);
  if (kind.startsWith("intn_")) return random.intn(Number(bound));
  if (kind.startsWith("int63n_")) return String(random.int63n(BigInt(bound)));
  switch (kind) {
    case "uint64_hex":
      return random.uint64().toString(16).padStart(16, "0");
    case "int63":
      return String(random.int63());
    case "uint32":
      return random.uint32();
    case "int31":
      return random.int31();
    case "float64":
      return random.float64();
    case "norm_float64":
      return random.normal();
    case "exp_float64":
      return random.exponential();
    case "perm_n_for_n_0_to_39":
      return random.permutation(i);
    case "shuffle_identity_n_for_n_0_to_39": {
      const list = Array.from({ length: i }, (_, k) => k);
      random.shuffle(list);
      return list;
    }
    default:
      throw new Error(`Unknown kind of draw "${kind}"`);
  }
}
