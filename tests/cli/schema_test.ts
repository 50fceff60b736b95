import assert from "node:assert/strict";
import { blisLine } from "./fake_io.ts";

async function schema(format: string) {
  const { code, stdout, stderr, io } = await blisLine(`schema ${format}`);
  assert.equal(code, 0);
  assert.equal(stderr, "");
  assert.deepEqual(io.kept, []);
  return JSON.parse(stdout);
}

Deno.test("the schema of a workload knows every key, its type and its limits", async () => {
  const { $schema, additionalProperties, properties } = await schema("workload");
  assert.equal($schema, "http://json-schema.org/draft-07/schema#");
  assert.equal(additionalProperties, false);
  assert.equal(properties.seed.type, "integer");
  const client = properties.clients.items;
  assert.equal(client.additionalProperties, false);
  assert.deepEqual(client.properties.timeout, {
    description: "gives up after this many µs; 0 = never",
    type: "integer",
    minimum: 0,
  });
  assert.deepEqual(client.properties.arrival.properties.process.enum, [
    "",
    "poisson",
    "gamma",
    "weibull",
    "constant",
  ]);
  assert.deepEqual(properties.cohorts.items.required, ["population", "rate_fraction"]);
});

Deno.test("the schema asks for the parameters of each type of distribution", async () => {
  const { definitions, properties } = await schema("workload");
  const { input_distribution: input } = properties.clients.items.properties;
  assert.deepEqual(input.allOf, [{ $ref: "#/definitions/distribution" }]);
  const { properties: keys, allOf: rules } = definitions.distribution;
  assert.deepEqual(keys.type.enum.slice(1), rules.map(ruleType));
  const gaussian = rules.find((rule: Rule) => ruleType(rule) === "gaussian");
  assert.deepEqual(gaussian.then.properties.params.required, ["mean", "std_dev", "min", "max"]);
});

Deno.test("the schema of policies lists the policies", async () => {
  const { properties } = await schema("policy");
  assert.ok(properties.routing.properties.policy.enum.includes("weighted"));
  const scorer = properties.routing.properties.scorers.items;
  assert.ok(scorer.properties.name.enum.includes("precise-prefix-cache"));
  assert.deepEqual(scorer.required, ["name", "weight"]);
  assert.ok(properties.admission.properties.policy.description.length > 0);
});

Deno.test("every key of a schema is described", async () => {
  for (const format of ["workload", "policy", "result"]) {
    const undescribed: string[] = [];
    walk(await schema(format), format, undescribed);
    assert.deepEqual(undescribed, []);
  }
});

Deno.test("a format that has no schema is refused", async () => {
  for (const line of ["schema trace", "schema workload extra"]) {
    const { code, stdout } = await blisLine(line);
    assert.equal(code, 2, line);
    assert.equal(stdout, "", line);
  }
});

interface Rule {
  readonly if: { readonly properties: { readonly type: { readonly const: string } } };
}

function ruleType(rule: Rule): string {
  return rule.if.properties.type.const;
}

/** Collects the paths of properties without a description. */
function walk(node: unknown, path: string, undescribed: string[]): void {
  if (typeof node !== "object" || node === null || path.endsWith(".allOf")) return;
  for (const [key, value] of Object.entries(node)) {
    const child = `${path}.${key}`;
    if (path.endsWith(".properties") && !("description" in value)) undescribed.push(child);
    walk(value, child, undescribed);
  }
}
