import { join } from "node:path";
import { freePort, type GuardedProcess, spawnGuarded, type Topology } from "@sealed/servers";
import { appEnvironment, type InstanceContext } from "./app-environment.ts";
import { logFile, repositoryDirectory, type SandboxPaths } from "./paths.ts";

const APP_ENTRY = join(repositoryDirectory, "apps", "web", "src", "main.ts");

/** A name and a port for one instance, before it runs. */
export interface InstancePlan {
  name: string;
  host: string;
  port: number;
}

/** Returns names and ports for the instances; without a load balancer the one instance has the public port. */
export async function planInstances(
  topology: Topology,
  count: number,
  publicPort: number,
): Promise<InstancePlan[]> {
  const ports =
    topology === "single-instance"
      ? [publicPort]
      : await Promise.all(Array.from({ length: count }, () => freePort()));
  return ports.map((port, index) => ({ name: `app-${index + 1}`, host: "127.0.0.1", port }));
}

/** Starts one instance of the app as a child that cannot outlive this process. */
export function startInstance(paths: SandboxPaths, context: InstanceContext): GuardedProcess {
  return spawnGuarded({ command: process.execPath, args: [] }, [APP_ENTRY], {
    name: context.name,
    env: appEnvironment(context),
    logFile: logFile(paths, context.name),
  });
}
