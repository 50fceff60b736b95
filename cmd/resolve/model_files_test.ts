import assert from "node:assert/strict";
import { embeddedModelConfig } from "../../data/mod.ts";
import { AccessError } from "../../sim/internal/errors.ts";
import { FakeIo } from "../../tests/cli/fake_io.ts";
import { openDefaults } from "./defaults_file.ts";
import { Diagnostics } from "../diagnostics.ts";
import { type FilePlaces, findModelConfig, modelPermissions } from "./model_files.ts";

const QWEN = (await embeddedModelConfig("qwen3-14b"))!;
const FETCHED = '{"num_hidden_layers": 7}';

/** A world in which HuggingFace answers with `FETCHED`. */
class ConnectedIo extends FakeIo {
  readonly asked: string[] = [];

  override fetch(url: string): Promise<Response> {
    this.asked.push(url);
    return Promise.resolve(new Response(FETCHED));
  }
}

async function find(model: string, places: FilePlaces, io: FakeIo) {
  const diagnostics = new Diagnostics((text) => io.printError(text));
  const defaults = await openDefaults(places.defaultsFilepath, io);
  return await findModelConfig(model, places, defaults, { io, diagnostics });
}

Deno.test("a folder given wins over the user's configs, these over built-in ones", async () => {
  const files = {
    "mine/config.json": "mine",
    "model_configs/qwen3-14b/config.json": '{"hidden_size": 1}',
    "d/defaults.yaml": "version: 1\n",
    "d/model_configs/qwen3-14b/config.json": '{"hidden_size": 2}',
  };
  const io = new ConnectedIo(files);
  const textOf = async (places: FilePlaces) => (await find("qwen/qwen3-14b", places, io)).text;
  assert.equal(await textOf({ modelConfigFolder: "mine" }), "mine");
  assert.equal(await textOf({}), '{"hidden_size": 1}');
  assert.equal(await textOf({ defaultsFilepath: "d/defaults.yaml" }), '{"hidden_size": 2}');
  assert.equal((await find("qwen/qwen3-14b", {}, new ConnectedIo())).text, QWEN);
  assert.deepEqual(io.asked, []);
});

Deno.test("any other model is fetched once and kept", async () => {
  const io = new ConnectedIo();
  const first = await find("org/some-model", {}, io);
  assert.deepEqual(first, { text: FETCHED, file: "model_configs/some-model/config.json" });
  assert.match(
    io.stderr,
    /^note: Fetched https:\/\/huggingface.co\/org\/some-model\/.* kept it as/,
  );
  assert.deepEqual(await find("org/some-model", {}, io), first);
  assert.deepEqual(io.asked, ["https://huggingface.co/org/some-model/resolve/main/config.json"]);
});

Deno.test("a fetched config is kept beside the defaults file, which may name its repository", async () => {
  const io = new ConnectedIo({ "d/x.yaml": "defaults: {a/b: {hf_repo: Org/B}}\n" }, ["d"]);
  const { file } = await find("a/b", { defaultsFilepath: "d/x.yaml" }, io);
  assert.equal(file, "d/model_configs/b/config.json");
  assert.equal(io.files.get(file), FETCHED);
  assert.deepEqual(io.asked, ["https://huggingface.co/Org/B/resolve/main/config.json"]);
});

Deno.test("what may not be kept is used all the same, with a warning", async () => {
  class ReadOnlyIo extends ConnectedIo {
    readonly #permission: string | undefined;

    constructor(permission?: string) {
      super();
      this.#permission = permission;
    }

    override createFolder(): Promise<void> {
      const permission = this.#permission;
      return Promise.reject(new AccessError("Disk full", permission ? { permission } : {}));
    }
  }
  const caged = new ReadOnlyIo("--allow-write");
  const { text, file } = await find("org/b", {}, caged);
  assert.equal(text, FETCHED);
  assert.equal(file, "https://huggingface.co/org/b/resolve/main/config.json");
  assert.match(
    caged.stderr,
    /^warning: .*cannot be written\nhint: run with --allow-write=model_configs\n$/,
  );
  const full = new ReadOnlyIo();
  await find("org/b", {}, full);
  assert.match(full.stderr, /\nhint: Disk full\n$/);
  assert.equal(full.files.size, 0);
});

Deno.test("a model that cannot be fetched is told how to do without, and a near name", async () => {
  await assert.rejects(find("qwen/qwen3-13b", {}, new FakeIo()), (error: AccessError) => {
    assert.match(error.message, /^Cannot find the config.json of model "qwen\/qwen3-13b": /);
    assert.match(error.hint!, /^perhaps "qwen3-14b" is meant; check the network/);
    assert.match(error.hint!, /without a network: save https:\S+ as model_configs\/qwen3-13b\//);
    return true;
  });
  const io = new ConnectedIo();
  await assert.rejects(find("gpt2", {}, io), { name: "UsageError", flag: "--model" });
  assert.deepEqual(io.asked, []);
});

Deno.test("a folder that may not be read is passed over, unless the user named it", async () => {
  class CagedIo extends FakeIo {
    override readText(path: string): Promise<string> {
      if (path === "d.yaml") return Promise.resolve("version: 1\n");
      return Promise.reject(new AccessError("No", { permission: "--allow-read" }));
    }
  }
  assert.equal((await find("qwen3-14b", {}, new CagedIo())).text, QWEN);
  await assert.rejects(
    find("qwen3-14b", { defaultsFilepath: "d.yaml" }, new CagedIo()),
    AccessError,
  );
});

Deno.test("only a model that has to be fetched keeps more than the permission to read", () => {
  assert.deepEqual(modelPermissions({ model: "Qwen/Qwen3-14B" }), []);
  assert.deepEqual(modelPermissions({ model: "" }), []);
  assert.deepEqual(modelPermissions({ model: "a/b", modelConfigFolder: "m" }), []);
  assert.deepEqual(modelPermissions({ model: "a/b" }), ["net", "env", "write"]);
});
