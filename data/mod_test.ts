import assert from "node:assert/strict";
import { load } from "js-yaml";
import {
  embeddedDefaults,
  embeddedHardware,
  embeddedModelConfig,
  embeddedModels,
  yamlSection,
} from "./mod.ts";

Deno.test("every folder of model_configs is embedded, in order", () => {
  const folders = [...Deno.readDirSync(new URL("./model_configs", import.meta.url))];
  assert.deepEqual(embeddedModels(), folders.map(({ name }) => name).sort());
});

Deno.test("an embedded model config is the text of its file", async () => {
  for (const model of embeddedModels()) {
    const file = new URL(`./model_configs/${model}/config.json`, import.meta.url);
    assert.equal(await embeddedModelConfig(model), Deno.readTextFileSync(file));
  }
  assert.equal(await embeddedModelConfig("toString"), undefined);
});

Deno.test("each section cut out of the defaults parses to what it is in the whole", () => {
  const whole = load(embeddedDefaults()) as Record<string, unknown>;
  assert.ok(Object.keys(whole).length >= 9);
  for (const key of Object.keys(whole)) {
    assert.deepEqual(load(yamlSection(embeddedDefaults(), key)), { [key]: whole[key] });
  }
});

Deno.test("a section that is missing is empty, also if its name is nested or a prefix", () => {
  assert.equal(yamlSection(embeddedDefaults(), "default"), "");
  assert.equal(yamlSection(embeddedDefaults(), "chatbot"), "");
  assert.equal(yamlSection("", "models"), "");
});

Deno.test("every GPU of the defaults is in the hardware table", () => {
  const { defaults } = load(yamlSection(embeddedDefaults(), "defaults")) as {
    defaults: Record<string, { GPU: string }>;
  };
  const table = JSON.parse(embeddedHardware());
  for (const { GPU } of Object.values(defaults)) assert.ok(GPU in table, GPU);
});
