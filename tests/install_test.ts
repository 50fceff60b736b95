import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { releaseServer } from "./fixtures/release_server.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const decoder = new TextDecoder();

async function install(env: Readonly<Record<string, string>>) {
  const folder = await Deno.makeTempDir();
  try {
    const { code, stdout, stderr } = await new Deno.Command("sh", {
      args: [`${ROOT}install.sh`],
      env: { BLIS_INSTALL_DIR: `${folder}/bin`, ...env },
    }).output();
    const names = [...Deno.readDirSync(folder)]
      .flatMap(({ name }) => [...Deno.readDirSync(`${folder}/${name}`)].map((file) => file.name));
    return { code, names, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("the program of the latest release, or of a tag, is installed", async () => {
  await using server = await releaseServer("v9.9.9");
  for (const env of [{}, { BLIS_VERSION: "v9.9.9" }]) {
    const { code, names, stdout, stderr } = await install({
      BLIS_RELEASES_URL: server.url,
      ...env,
    });
    assert.deepEqual([code, stderr, names], [0, "", ["blis"]]);
    assert.match(stdout, /^Installed .*\/bin\/blis: blis 9\.9\.9\n$/);
  }
});

Deno.test("an archive with another checksum is not installed", async () => {
  await using server = await releaseServer("v9.9.9");
  server.put(server.archive, "something else");
  const { code, names, stderr } = await install({ BLIS_RELEASES_URL: server.url });
  assert.deepEqual([code, names], [1, []]);
  assert.match(stderr, /^error: The checksum of blis-.*\.tar\.gz is not that of SHA256SUMS/);
});

Deno.test("an archive without a checksum is not installed", async () => {
  await using server = await releaseServer("v9.9.9");
  server.put("SHA256SUMS", `${"0".repeat(64)}  other.tar.gz\n`);
  const { code, names, stderr } = await install({ BLIS_RELEASES_URL: server.url });
  assert.deepEqual([code, names], [1, []]);
  assert.match(stderr, /^error: SHA256SUMS says nothing of blis-/);
});

Deno.test("a release that does not exist is named", async () => {
  await using server = await releaseServer("v9.9.9");
  const { code, names, stderr } = await install({
    BLIS_RELEASES_URL: server.url,
    BLIS_VERSION: "v1.0.0",
  });
  assert.deepEqual([code, names], [1, []]);
  assert.match(stderr, /error: Cannot get http:.*\/download\/v1\.0\.0\/blis-/);
});

Deno.test("without the name of the project nothing is downloaded", async () => {
  const { code, names, stderr } = await install({ BLIS_RELEASES_URL: "", BLIS_REPOSITORY: "" });
  assert.deepEqual([code, names], [1, []]);
  assert.equal(
    stderr,
    "error: Set BLIS_REPOSITORY to the owner/name of the project on GitHub\n",
  );
});
