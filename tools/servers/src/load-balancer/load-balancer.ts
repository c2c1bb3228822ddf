import { setTimeout as delay } from "node:timers/promises";
import type { IssuedCertificate } from "../ca/index.ts";
import { ServersError } from "../errors.ts";
import { type GuardedProcess, type ProcessExit, type Program, spawnGuarded } from "../process/index.ts";
import { CHECKED_BACKEND } from "./config.ts";
import { balancerFeatures } from "./features.ts";
import { openFolder } from "./folder.ts";
import { replaceInstance } from "./replace-instance.ts";
import { parseServers, runtimeCommand } from "./runtime-api.ts";
import type { BalancedTopology, BalancerInstance, InstanceConnections } from "./settings.ts";
import { trustCertificates } from "./trust-certificates.ts";

// ALB and classic load balancer: 60 s by default. A network load balancer's 350 s are fixed.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/update-idle-timeout.html
const IDLE_TIMEOUT_MS = 60_000;
const NLB_IDLE_TIMEOUT_MS = 350_000;
const START_WITHIN_MS = 10_000;
const STOP_WITHIN_MS = 2_000;

/** What a load balancer needs to start. */
export interface LoadBalancerOptions {
  /** Its own files lie in a new folder under this one, removed at `close()`. */
  dir: string;
  programs: { haproxy: Program };
  topology: BalancedTopology;
  /** On 127.0.0.1. */
  port: number;
  instances: readonly BalancerInstance[];
  /** What clients see; absent: issued by the private CA in `dir`. */
  certificate?: IssuedCertificate;
  /** Required with `clb-backend-auth`, PEM each: an instance must prove the key of one of them. */
  pinnedCertificatesPem?: readonly string[];
  /** Default 60,000, with `nlb-passthrough` 350,000. */
  idleTimeoutMs?: number;
  /** Default `shared`. */
  instanceConnections?: InstanceConnections;
  logFile?: string;
}

/** A running HAProxy in the role of one of AWS's load balancers. */
export interface LoadBalancer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly statsSocket: string;
  readonly exited: Promise<ProcessExit>;
  /** Returns HAProxy's answer to one line of its runtime API. */
  command(line: string): Promise<string>;
  /** Returns the names of the instances whose last health checks were good. */
  healthyInstances(): Promise<string[]>;
  /** Gives a named instance another address and loses no request: the new one serves before the old one drains. */
  replaceInstance(name: string, host: string, port: number): Promise<void>;
  /** Pins these certificates (PEM each) in place of all others from the next connection to an instance on; `clb-backend-auth` only. */
  trustCertificates(pinnedCertificatesPem: readonly string[]): Promise<void>;
  log(): string;
  close(): Promise<void>;
}

/**
 * Starts HAProxy as the load balancer of a topology and returns once it listens; instances need not be up.
 *
 * @throws ServersError SERVERS_LOAD_BALANCER_FAILED with the tail of HAProxy's output when it does not start, for instance because the port is taken.
 */
export async function startLoadBalancer(options: LoadBalancerOptions): Promise<LoadBalancer> {
  const { topology, port } = options;
  const features = await balancerFeatures(options.programs.haproxy);
  const defaultIdleMs = topology === "nlb-passthrough" ? NLB_IDLE_TIMEOUT_MS : IDLE_TIMEOUT_MS;
  const folder = await openFolder({
    ...options,
    features,
    idleTimeoutMs: options.idleTimeoutMs ?? defaultIdleMs,
    instanceConnections: options.instanceConnections ?? "shared",
  });
  const child = spawnGuarded(options.programs.haproxy, ["-db", "-f", folder.configFile], {
    name: "load balancer",
    ...(options.logFile === undefined ? {} : { logFile: options.logFile }),
  });
  const close = async () => {
    await child.stop({ withinMs: STOP_WITHIN_MS });
    await folder.remove();
  };
  const command = (line: string) => runtimeCommand(folder.statsSocket, line);
  try {
    await untilListening(child, command);
    await folder.removeKey();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url: `https://localhost:${port}`,
    port,
    pid: child.pid,
    statsSocket: folder.statsSocket,
    exited: child.exited,
    command,
    healthyInstances: () => healthyInstances(command),
    replaceInstance: (name, host, newPort) =>
      replaceInstance(command, topology, { name, host, port: newPort }),
    trustCertificates: (pinned) => trustCertificates(command, folder.pinnedFile, topology, pinned),
    log: () => child.output(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function healthyInstances(command: (line: string) => Promise<string>): Promise<string[]> {
  return parseServers(await command("show stat"))
    .filter(({ backend, status }) => backend === CHECKED_BACKEND && status === "UP")
    .map(({ name }) => name);
}

// HAProxy binds every port before it answers on its stats socket.
async function untilListening(
  child: GuardedProcess,
  command: (line: string) => Promise<string>,
): Promise<void> {
  const deadline = performance.now() + START_WITHIN_MS;
  let isRunning = true;
  void child.exited.then(() => {
    isRunning = false;
  });
  while (isRunning && performance.now() < deadline) {
    const answer = await command("show info").catch(() => "");
    if (answer !== "") return;
    await delay(10);
  }
  const reason = isRunning ? `it did not answer within ${START_WITHIN_MS} ms` : "it ended";
  throw new ServersError(
    "SERVERS_LOAD_BALANCER_FAILED",
    `the load balancer did not start: ${reason}; its last output: ${child.output().trim()}`,
  );
}
