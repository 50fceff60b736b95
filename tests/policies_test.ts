import assert from "node:assert/strict";
import { deployment } from "../cluster/deployment.ts";
import { admissionPolicies } from "../sim/admission/mod.ts";
import { namesOf } from "../sim/internal/registry.ts";
import { Random } from "../sim/internal/random.ts";
import { policyBundle } from "../sim/policy_bundle.ts";
import { preemptionPolicies } from "../sim/preemption.ts";
import { namedPriorities, priorities } from "../sim/priorities/mod.ts";
import type { RouterView, Signal } from "../sim/router_view.ts";
import { routingPolicies } from "../sim/routing/mod.ts";
import { schedulers } from "../sim/schedulers/mod.ts";
import { scorers } from "../sim/scorers/mod.ts";
import { SloRanks } from "../sim/slo.ts";
import { admissionSettings, deploymentWith } from "./fixtures/deployments.ts";
import { NO_LABELS, requestWith } from "./fixtures/requests.ts";
import { BUSY_IDLE_BUSIER, viewOf } from "./fixtures/views.ts";

type Table = Readonly<Record<string, { readonly summary: string }>>;

/** Folders below sim/: their table, and the file that declares the interface. */
const FOLDERS: Readonly<Record<string, readonly [table: Table, interfaceFile: string]>> = {
  admission: [admissionPolicies, "admission.ts"],
  priorities: [priorities, "priority.ts"],
  routing: [routingPolicies, "routing.ts"],
  schedulers: [schedulers, "scheduler.ts"],
  scorers: [scorers, "scorer.ts"],
};

const TABLES: readonly Table[] = [
  ...Object.values(FOLDERS).map(([table]) => table),
  preemptionPolicies,
];

/** Names of the files in a folder that declare policies. */
function policyFiles(folder: string, interfaceFile: string): string[] {
  return [...Deno.readDirSync(new URL(`../sim/${folder}`, import.meta.url))]
    .map(({ name }) => name)
    .filter((name) => !name.endsWith("_test.ts") && name !== "mod.ts" && name !== interfaceFile);
}

Deno.test("every policy that a file declares is in the table of its folder, and nothing else is", async () => {
  for (const [folder, [table, interfaceFile]] of Object.entries(FOLDERS)) {
    const declared = new Set<unknown>();
    for (const file of policyFiles(folder, interfaceFile)) {
      const exported = Object.values(await import(`../sim/${folder}/${file}`));
      assert.ok(exported.length > 0, `${folder}/${file} declares no policy`);
      for (const policy of exported) declared.add(policy);
    }
    assert.deepEqual(declared, new Set(Object.values(table)), folder);
  }
});

Deno.test("names are in kebab case and summaries are short phrases without a full stop", () => {
  for (const [name, { summary }] of TABLES.flatMap((table) => Object.entries(table))) {
    assert.match(name, /^[a-z]+(-[a-z]+)*$/);
    assert.match(summary, /^[^\s.][^\n]{3,90}[^\s.]$/, `${name}: ${summary}`);
  }
});

/** The names that a schema accepts at each place where it refuses "no-such-policy". */
function acceptedNames(
  schema: typeof policyBundle | typeof deployment,
  value: unknown,
): Record<string, unknown> {
  const issues = schema.safeParse(value).error?.issues ?? [];
  return Object.fromEntries(
    issues.map((issue) => [issue.path.join("."), "values" in issue ? issue.values : issue.message]),
  );
}

Deno.test("the schema of a policy file knows the names of the tables", () => {
  const none = "no-such-policy";
  const accepted = acceptedNames(policyBundle, {
    admission: { policy: none },
    routing: { policy: none, scorers: [{ name: none, weight: 1 }] },
    priority: { policy: none },
    scheduler: none,
    preemption: { policy: none },
  });
  assert.deepEqual(accepted, {
    "admission.policy": namesOf(admissionPolicies),
    "routing.policy": namesOf(routingPolicies),
    "routing.scorers.0.name": namesOf(scorers),
    "priority.policy": namesOf(namedPriorities),
    scheduler: namesOf(schedulers),
    "preemption.policy": namesOf(preemptionPolicies),
  });
});

Deno.test("the schema of a deployment knows the names of the tables", () => {
  const none = "no-such-policy";
  const { instance, admission, ...rest } = deploymentWith({});
  const accepted = acceptedNames(deployment, {
    ...rest,
    instance: { ...instance, scheduler: none, preemptionPolicy: none, priorityPolicy: none },
    admission: { ...admission, policy: none },
    routing: { policy: none, scorers: [{ name: none, weight: 1 }] },
  });
  assert.deepEqual(accepted, {
    "admission.policy": namesOf(admissionPolicies),
    "routing.policy": namesOf(routingPolicies),
    "routing.scorers.0.name": namesOf(scorers),
    "instance.priorityPolicy": namesOf(priorities),
    "instance.scheduler": namesOf(schedulers),
    "instance.preemptionPolicy": namesOf(preemptionPolicies),
  });
});

const READ_BY: Readonly<Record<keyof RouterView, readonly Signal[]>> = {
  nowUs: [],
  size: [],
  queueDepth: ["snapshot"],
  batchSize: ["snapshot"],
  kvUtilization: ["snapshot"],
  freeBlocks: ["snapshot"],
  inFlight: ["in-flight"],
  load: ["snapshot", "in-flight"],
  cachedBlocks: ["cache"],
};

/** A view of three busy instances that takes note of what is read. */
function watchedView(): { readonly view: RouterView; readonly read: Set<Signal> } {
  const read = new Set<Signal>();
  const view = new Proxy(viewOf(BUSY_IDLE_BUSIER), {
    get(target, key: keyof RouterView) {
      for (const signal of READ_BY[key]) read.add(signal);
      return target[key];
    },
  });
  return { view, read };
}

const REQUEST = requestWith({
  promptTokens: 64,
  labels: { ...NO_LABELS, sloClass: "batch" },
});

const CONTEXT = { numInstances: 3, blockSize: 16, random: new Random(1), scorers: [] };

/** What each policy that sees the view says that it reads, and does it once. */
const READERS: Readonly<Record<string, (view: RouterView) => readonly Signal[]>> = {
  ...mapped(admissionPolicies, (def) => (view) => {
    const policy = def.create(admissionSettings({}), new SloRanks({}));
    policy.admit(REQUEST, view);
    return policy.reads;
  }),
  ...mapped(routingPolicies, (def) => (view) => {
    const policy = def.create(CONTEXT);
    policy.route(REQUEST, view);
    return policy.reads;
  }),
  ...mapped(scorers, (def) => (view) => {
    const scorer = def.create(CONTEXT);
    scorer.score(REQUEST, view, new Float64Array(3));
    scorer.onRouted?.(REQUEST, 1);
    return scorer.reads;
  }),
};

function mapped<T, R>(table: Readonly<Record<string, T>>, map: (def: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(table).map(([name, def]) => [name, map(def)]));
}

Deno.test("a policy reads of the view just what it says it reads", () => {
  for (const [name, decide] of Object.entries(READERS)) {
    const { view, read } = watchedView();
    const declared = decide(view);
    assert.deepEqual([...declared].sort(byText), [...read].sort(byText), name);
  }
});

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
