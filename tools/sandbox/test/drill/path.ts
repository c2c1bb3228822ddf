import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  type BalancedTopology,
  type DatabaseServer,
  defaultDirectory,
  ensurePrograms,
  freePort,
  type LoadBalancer,
  type LoadBalancerOptions,
  type PrivateCa,
  privateCa,
  startDatabase,
  startLoadBalancer,
} from "@sealed/servers";
import { planInstances } from "../../src/instances.ts";
import { type SandboxPaths, sandboxPaths } from "../../src/paths.ts";
import { prepareNotebook } from "../../src/prepare-database.ts";
import { DrilledInstance, type InstanceSettings } from "./instance.ts";

/** What a drill's path is made of. */
export interface PathOptions {
  topology: BalancedTopology;
  instances: number;
  /** What the load balancer is told besides; called first. */
  prepare?: (ca: PrivateCa) => Promise<Pick<LoadBalancerOptions, "pinnedCertificatesPem" | "idleTimeoutMs">>;
  /** What each instance serves and how it ends, by its index. */
  settings?: (index: number, paths: SandboxPaths) => Promise<InstanceSettings>;
}

/** Load balancer, instances and database, each a process of its own, whose parts a drill stops and starts. */
export interface DrilledPath extends AsyncDisposable {
  readonly port: number;
  readonly ca: PrivateCa;
  readonly paths: SandboxPaths;
  readonly balancer: LoadBalancer;
  readonly database: DatabaseServer;
  readonly instances: readonly DrilledInstance[];
}

/** Starts a whole path in a folder of its own and returns once every instance is in service. */
export async function openPath(options: PathOptions): Promise<DrilledPath> {
  await using parts = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "sealed-drill-"));
  parts.defer(() => rm(directory, { recursive: true, force: true }));
  const paths = sandboxPaths(directory);
  await mkdir(paths.logs, { recursive: true });
  const programs = await ensurePrograms({ dir: defaultDirectory });
  const ca = await privateCa({ dir: directory });
  const database = parts.use(await startDatabase({ dir: defaultDirectory, programs, ca }));
  await prepareNotebook(database, ca);
  const port = await freePort();
  const plans = await planInstances(options.topology, options.instances, port);
  const { topology } = options;
  const front = await options.prepare?.(ca);
  const balancer = parts.use(
    await startLoadBalancer({ dir: directory, programs, topology, port, instances: plans, ...front }),
  );
  const instances: DrilledInstance[] = [];
  for (const [index, plan] of plans.entries()) {
    const settings = (await options.settings?.(index, paths)) ?? {};
    const context = { ...plan, topology, publicPort: port, database, ...settings };
    instances.push(parts.use(new DrilledInstance(paths, context)));
  }
  await untilHealthy(balancer, plans.length);
  const whole = parts.move();
  return {
    port,
    ca,
    paths,
    balancer,
    database,
    instances,
    [Symbol.asyncDispose]: () => whole.disposeAsync(),
  };
}

/** Returns when so many instances are in service; the test's own timeout is the limit. */
export async function untilHealthy(balancer: LoadBalancer, count: number): Promise<void> {
  while ((await balancer.healthyInstances()).length !== count) await delay(25);
}
