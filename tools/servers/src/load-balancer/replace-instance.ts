import { setTimeout as delay } from "node:timers/promises";
import { ServersError } from "../errors.ts";
import { CHECKED_BACKEND, FAIL_OPEN_BACKEND, failsOpen, SPARE_NAME } from "./config.ts";
import { parseServers, type ServerStatus } from "./runtime-api.ts";
import type { BalancedTopology, BalancerInstance } from "./settings.ts";

// AWS waits 300 s by default for requests in flight; the local instances answer within their own deadlines.
const DRAIN_WITHIN_MS = 30_000;
const HEALTHY_WITHIN_MS = 30_000;
const POLL_MS = 25;

type Command = (line: string) => Promise<string>;
type SetServer = (server: string, change: string) => Promise<void>;

/**
 * Moves a named instance to another address without losing a request: a spare entry serves the new address first,
 * then the old one is drained, and then its name is given to the new address.
 *
 * @throws ServersError SERVERS_LOAD_BALANCER_FAILED when there is no such instance, or when the new address does not get healthy in 30 s; the old one
 *   serves on then.
 */
export async function replaceInstance(
  command: Command,
  topology: BalancedTopology,
  instance: BalancerInstance,
): Promise<void> {
  const backends = failsOpen({ topology }) ? [CHECKED_BACKEND, FAIL_OPEN_BACKEND] : [CHECKED_BACKEND];
  const set: SetServer = async (server, change) => {
    for (const backend of backends) await command(`set server ${backend}/${server} ${change}`);
  };
  const known = await serversNamed(command, instance.name);
  if (known.length === 0)
    throw new ServersError(
      "SERVERS_LOAD_BALANCER_FAILED",
      `the load balancer has no instance "${instance.name}" to replace`,
    );
  const address = `addr ${instance.host} port ${instance.port}`;
  try {
    await putIn(command, set, SPARE_NAME, address);
    await takeOut(command, set, instance.name);
    await putIn(command, set, instance.name, address);
  } finally {
    await takeOut(command, set, SPARE_NAME);
  }
}

async function putIn(command: Command, set: SetServer, name: string, address: string): Promise<void> {
  await set(name, address);
  await set(name, "state ready");
  const isUp = (servers: ServerStatus[]) =>
    servers.some(({ backend, status }) => backend === CHECKED_BACKEND && status === "UP");
  if (!(await becomes(command, name, isUp, HEALTHY_WITHIN_MS))) {
    throw new ServersError(
      "SERVERS_LOAD_BALANCER_FAILED",
      `the new ${address} did not get healthy within ${HEALTHY_WITHIN_MS} ms`,
    );
  }
}

// Requests in flight may end; those that take longer are cut, as when AWS's deregistration delay is over.
async function takeOut(command: Command, set: SetServer, name: string): Promise<void> {
  await set(name, "state drain");
  const isIdle = (servers: ServerStatus[]) => servers.every((server) => server.activeSessions === 0);
  await becomes(command, name, isIdle, DRAIN_WITHIN_MS);
  await set(name, "state maint");
}

async function becomes(
  command: Command,
  name: string,
  isDone: (servers: ServerStatus[]) => boolean,
  withinMs: number,
): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    if (isDone(await serversNamed(command, name))) return true;
    await delay(POLL_MS);
  }
  return false;
}

async function serversNamed(command: Command, name: string): Promise<ServerStatus[]> {
  return parseServers(await command("show stat")).filter((server) => server.name === name);
}
