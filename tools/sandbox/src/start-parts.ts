import { join } from "node:path";
import { type DatabaseServer, type LoadBalancer, startDatabase, startLoadBalancer } from "@sealed/servers";
import { startInstance } from "./instances.ts";
import { logFile } from "./paths.ts";
import type { Foundation, StartContext } from "./sandbox.ts";
import type { InstanceState } from "./state.ts";

// Behind a load balancer that is gone nothing is under way; connections of clients themselves are drained.
const STOP_BALANCED_WITHIN_MS = 250;
const STOP_DIRECT_WITHIN_MS = 5_000;

/** Starts the database with the data that it had at its last stop. */
export async function addDatabase(
  { paths, packagesDir, reporter, parts }: StartContext,
  { programs, ca }: Foundation,
): Promise<DatabaseServer> {
  return await reporter.step("database", async (progress) => {
    const database = await startDatabase({
      dir: packagesDir,
      programs,
      ca,
      dataDir: join(paths.data, programs.server),
      logFile: logFile(paths, "database"),
      progress,
    });
    const { exited } = database;
    parts.add({
      name: "the database",
      layer: "database",
      exited,
      log: () => database.log(),
      close: () => database.close(),
    });
    return database;
  });
}

/** Starts the load balancer of the topology; `single-instance` has none. */
export async function addBalancer(
  { options, paths, reporter, parts }: StartContext,
  { programs, front, certificate, plans }: Foundation,
): Promise<LoadBalancer | undefined> {
  const { topology, port } = options;
  if (topology === "single-instance") return undefined;
  return await reporter.step("load balancer", async () => {
    const balancer = await startLoadBalancer({
      dir: paths.run,
      programs,
      topology,
      port,
      instances: plans,
      certificate: front,
      pinnedCertificatesPem: certificate === undefined ? [] : [certificate.certificatePem],
      logFile: logFile(paths, "load-balancer"),
    });
    const { exited } = balancer;
    parts.add({
      name: "the load balancer",
      layer: "front",
      exited,
      log: () => balancer.log(),
      close: () => balancer.close(),
    });
    return balancer;
  });
}

/** Starts the instances of the app; they wait for the database by themselves. */
export function addInstances(
  { options, paths, parts, reporter }: StartContext,
  { certificate, plans }: Foundation,
  database: DatabaseServer,
): InstanceState[] {
  const { topology, port: publicPort } = options;
  const withinMs = topology === "single-instance" ? STOP_DIRECT_WITHIN_MS : STOP_BALANCED_WITHIN_MS;
  let serving = plans.length;
  return plans.map(({ name, port }) => {
    const instance = startInstance(paths, {
      name,
      topology,
      port,
      publicPort,
      database,
      ...(certificate === undefined ? {} : { certificate }),
    });
    parts.add({
      name: `the instance ${name}`,
      layer: "app",
      exited: instance.exited,
      log: () => instance.output(),
      close: () => instance.stop({ withinMs }),
      // An instance that was told to stop drains and ends well; the others serve on, as on AWS.
      mayEnd({ code }) {
        serving -= 1;
        const isFine = code === 0 && serving > 0;
        if (isFine) reporter.line(`${name} was stopped; ${serving} of ${plans.length} instances serve on`);
        return isFine;
      },
    });
    const scheme = topology === "alb-terminate" ? "http" : "https";
    return { name, url: `${scheme}://localhost:${port}`, pid: instance.pid };
  });
}
