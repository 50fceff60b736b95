import assert from "node:assert/strict";
import { AccessError } from "../sim/internal/errors.ts";
import { denoIo } from "./io.ts";

async function inFolder(action: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await action(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const isMissing = (error: unknown) =>
  error instanceof AccessError && /no such file or folder/.test(error.message);

Deno.test("a file is written whole under its name, and nothing else is left", async () => {
  await inFolder(async (folder) => {
    const io = denoIo();
    await io.writeFile(`${folder}/a.json`, ["old"]);
    await io.writeFile(`${folder}/a.json`, ["ne", "w"]);
    assert.deepEqual(await io.listFolder(folder), ["a.json"]);
    assert.equal(await io.readText(`${folder}/a.json`), "new");
  });
});

Deno.test("a file that cannot be written leaves nothing behind", async () => {
  await inFolder(async (folder) => {
    const io = denoIo();
    await Deno.mkdir(`${folder}/taken`);
    await assert.rejects(io.writeFile(`${folder}/taken`, ["text"]), AccessError);
    await assert.rejects(io.writeFile(`${folder}/none/a.json`, ["text"]), isMissing);
    assert.deepEqual(await io.listFolder(folder), ["taken"]);
  });
});

Deno.test("whether a file can be written is found out without a trace", async () => {
  await inFolder(async (folder) => {
    const io = denoIo();
    await io.checkWritable(`${folder}/a.json`);
    assert.deepEqual(await io.listFolder(folder), []);
    await assert.rejects(io.checkWritable(`${folder}/none/a.json`), isMissing);
    await assert.rejects(io.checkWritable(folder), /it is a folder/);
  });
});

Deno.test("a missing file is named", async () => {
  await assert.rejects(denoIo().readText("no/such.yaml"), {
    name: "AccessError",
    message: "Cannot access no/such.yaml: no such file or folder",
  });
});

Deno.test("a device is written to as it is, one without space is the user's to mend", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  const io = denoIo();
  await io.checkWritable("/dev/null");
  await io.writeFile("/dev/null", ["text"]);
  await assert.rejects(io.writeFile("/dev/full", ["text"]), {
    name: "AccessError",
    message: "Cannot access /dev/full: no space is left",
  });
  const draft = await io.createFile("/dev/full");
  assert.throws(() => draft.write("x".repeat(100_000)), AccessError);
  await draft.discard();
});

Deno.test("a path is known by any spelling, whether its file is there or not", async () => {
  await inFolder(async (folder) => {
    const io = denoIo();
    await Deno.writeTextFile(`${folder}/a`, "");
    await Deno.symlink(`${folder}/a`, `${folder}/link`);
    await Deno.mkdir(`${folder}/b`);
    const same = async (...paths: string[]) => {
      const real = await Promise.all(paths.map((path) => io.realPath(`${folder}/${path}`)));
      assert.deepEqual([...new Set(real)].length, 1, real.join());
    };
    await same("a", "./a", "b/../a", "link");
    await same("new", "b/../new", ".//new");
    assert.notEqual(await io.realPath(`${folder}/new`), await io.realPath(`${folder}/b/new`));
  });
});
