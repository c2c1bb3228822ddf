import assert from "node:assert/strict";
import { chown, copyFile, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { after } from "node:test";
import { REPOSITORY } from "../../src/source-bundle/build.ts";
import { startMachine } from "./machine.ts";

const HOOKS = join(REPOSITORY, "apps/web/platform/hooks/predeploy");
const DROP_IN = "/etc/systemd/system/web.service.d/10-bind-443.conf";

const machine = await startMachine({ mounts: [], path: [] });
after(() => machine[Symbol.asyncDispose]());
for (const name of await readdir(HOOKS)) {
  await copyFile(join(HOOKS, name), join(machine.root, "opt/platform", name));
}

function run(hook: string, env: Record<string, string> = {}) {
  return machine.run([`/opt/platform/${hook}`], { env });
}

test("the drop-in gives one capability, takes the others, and waits for the drain", async () => {
  const { code, output } = await run("10-bind-443.sh", { DRAIN_SECONDS: "30" });
  const lines = (await readFile(join(machine.root, DROP_IN), "utf8")).split("\n");

  assert.equal(code, 0, output);
  for (const line of [
    "[Service]",
    "AmbientCapabilities=CAP_NET_BIND_SERVICE",
    "CapabilityBoundingSet=CAP_NET_BIND_SERVICE",
    "NoNewPrivileges=yes",
    "LimitNOFILE=65536",
    "TimeoutStopSec=50",
  ]) {
    assert.ok(lines.includes(line), line);
  }
});

test("a second deployment writes the same drop-in and leaves nothing beside it", async () => {
  await run("10-bind-443.sh");
  const first = await readFile(join(machine.root, DROP_IN), "utf8");
  await run("10-bind-443.sh");

  assert.equal(await readFile(join(machine.root, DROP_IN), "utf8"), first);
  assert.deepEqual(await readdir(join(machine.root, DROP_IN, "..")), ["10-bind-443.conf"]);
});

test("a drain that is no number stops the deployment and says so", async () => {
  const { code, output } = await run("10-bind-443.sh", { DRAIN_SECONDS: "15; reboot" });

  assert.equal(code, 1);
  assert.match(output, /DRAIN_SECONDS must be a whole number of seconds, got "15; reboot"/);
});

test("the log folder becomes the app's, and what others wrote into it goes", async () => {
  const folder = join(machine.root, "var/log/nginx/healthd");
  const isMultiUser = process.getuid?.() === 0;
  await mkdir(folder);
  await writeFile(join(folder, "application.log.2026-01-01-00"), "nginx was here\n");
  await writeFile(join(folder, "application.log.2026-01-01-01"), "the app was here\n");
  if (isMultiUser) await chown(join(folder, "application.log.2026-01-01-01"), 900, 900);

  const { code, output } = await run("20-healthd-directory.sh");
  const { uid, mode } = await stat(folder);

  assert.equal(code, 0, output);
  assert.equal(mode & 0o777, 0o755);
  if (!isMultiUser) return;
  assert.equal(uid, 900);
  assert.deepEqual(await readdir(folder), ["application.log.2026-01-01-01"]);
});

test("another log folder than the usual one can be chosen", async () => {
  const { code, output } = await run("20-healthd-directory.sh", { HEALTHD_LOG_DIR: "/var/log/own" });

  assert.equal(code, 0, output);
  assert.equal((await stat(join(machine.root, "var/log/own"))).mode & 0o777, 0o755);
});
