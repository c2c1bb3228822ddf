import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort, privateCa } from "@sealed/servers";
import { sandboxPaths } from "../../src/paths.ts";
import { servedFingerprint } from "./certificate-files.ts";
import { DrilledInstance, type InstanceSettings } from "./instance.ts";

// The discard port: nothing listens there.
const NO_DATABASE = {
  host: "localhost" as const,
  port: 9,
  region: "eu-west-1",
  credentialsFile: "/dev/null",
  profile: "none",
};

/** Starts one instance without load balancer and database, for what needs neither, and returns once it listens. */
export async function openLoneInstance(
  settings: InstanceSettings["settings"] = {},
): Promise<AsyncDisposable & { instance: DrilledInstance }> {
  await using parts = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "sealed-lone-"));
  parts.defer(() => rm(directory, { recursive: true, force: true }));
  const paths = sandboxPaths(directory);
  await mkdir(paths.logs, { recursive: true });
  const { caFile } = await privateCa({ dir: directory });
  const port = await freePort();
  const instance = new DrilledInstance(paths, {
    name: "app-1",
    topology: "single-instance",
    port,
    publicPort: port,
    database: { ...NO_DATABASE, caFile },
    settings,
  });
  parts.use(instance);
  while ((await servedFingerprint(port).catch(() => undefined)) === undefined) await delay(25);
  const whole = parts.move();
  return { instance, [Symbol.asyncDispose]: () => whole.disposeAsync() };
}
