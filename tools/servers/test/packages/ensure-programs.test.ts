import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { defaultDirectory } from "../../src/directory.ts";
import { ensurePrograms } from "../../src/packages/index.ts";

const execute = promisify(execFile);
const MODULE = join(import.meta.dirname, "../../src/packages/index.ts");

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sealed-programs-"));
});

after(() => rm(folder, { recursive: true, force: true }));

test("gives two callers at once the same programs", async () => {
  const [one, other] = await Promise.all([
    ensurePrograms({ dir: defaultDirectory }),
    ensurePrograms({ dir: defaultDirectory }),
  ]);

  assert.deepEqual(one, other);
  assert.match(one.serverVersion, /^\d+\.\d+/);
  assert.match(one.haproxyVersion, /^\d+\.\d+/);
});

test("names the devcontainer on a machine without apt", async () => {
  const path = join(folder, "bin");
  await mkdir(path);
  for (const name of ["setpriv", "flock", "sh", "cat"]) await symlink(`/usr/bin/${name}`, join(path, name));
  const script = `
    const { ensurePrograms } = await import(${JSON.stringify(MODULE)});
    await ensurePrograms({ dir: ${JSON.stringify(join(folder, "empty"))} });`;

  const run = execute(process.execPath, ["--input-type=module", "--eval", script], { env: { PATH: path } });

  await assert.rejects(run, (error: { stderr: string }) =>
    /this machine has no apt-get, dpkg, .*\.devcontainer/.test(error.stderr),
  );
});
