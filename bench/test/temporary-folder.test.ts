import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import test from "node:test";
import { openTemporaryFolder } from "../src/temporary-folder.ts";

const MODULE = new URL("../src/temporary-folder.ts", import.meta.url).href;
const OPEN_AND_WAIT = `
  const { openTemporaryFolder } = await import("${MODULE}");
  const { path } = await openTemporaryFolder();
  await (await import("node:fs/promises")).writeFile(path + "/key.pem", "");
  setInterval(() => undefined, 1_000);
  process.send(path);
`;

test("the folder of a run is nobody else's, and gone after it", async () => {
  let path: string;
  {
    await using folder = await openTemporaryFolder();
    path = folder.path;
    assert.equal(statSync(path).mode & 0o777, 0o700);
  }

  assert.equal(existsSync(path), false);
  assert.equal(process.listenerCount("SIGINT"), 0);
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  test(`keys of a run do not outlive its ${signal}, which ends it as ever`, async () => {
    const args = ["--input-type=module", "--eval", OPEN_AND_WAIT];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    const [path] = (await once(child, "message")) as [string];
    assert.equal(existsSync(`${path}/key.pem`), true);

    child.kill(signal);
    const [, endedBy] = await once(child, "exit");

    assert.equal(endedBy, signal);
    assert.equal(existsSync(path), false);
  });
}
