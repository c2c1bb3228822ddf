import { createDatabase, type Database, iamAuth, privateTrust, sql } from "../../../packages/db/src/index.ts";
import type { DatabaseTarget } from "../database.ts";
import { percentile } from "../statistics.ts";
import { answer } from "./answer.ts";

/** How tokens and connections come and go in one window. */
export interface TokenRequest {
  target: DatabaseTarget;
  seconds: number;
  /** Life of a token; on RDS 900,000. */
  tokenLifeMs: number;
  /** Age at which a connection is replaced, which takes a login with the token of that moment. */
  connectionAgeMs: number;
  /** Queries are sent at this rate, whether or not those before have been answered. */
  queriesPerSecond: number;
}

/** What one window saw. */
export interface TokenResult {
  p99Ms: number;
  failed: number;
  signatures: number;
  logins: number;
}

/** Questions that this part answers. */
export interface TokenHandlers {
  run(request: TokenRequest): Promise<TokenResult>;
}

const WARM_UP_MS = 1_000;
const TICK_MS = 5;

async function run(request: TokenRequest): Promise<TokenResult> {
  await using database = openDatabase(request);
  await database.ready();
  await sendQueries(database, request.queriesPerSecond, WARM_UP_MS);
  const before = database.stats();
  const latenciesMs = await sendQueries(database, request.queriesPerSecond, request.seconds * 1_000);
  const { credentialsIssued, opened } = database.stats();
  const answered = latenciesMs.filter((latencyMs) => !Number.isNaN(latencyMs));
  return {
    p99Ms: percentile(answered, 0.99),
    failed: latenciesMs.length - answered.length,
    signatures: credentialsIssued - before.credentialsIssued,
    logins: opened - before.opened,
  };
}

function openDatabase({ target, tokenLifeMs, connectionAgeMs }: TokenRequest): Database {
  const { host, port, database, tokenUser, region, credentials, ca } = target;
  return createDatabase({
    endpoint: { host, port },
    database,
    user: tokenUser,
    auth: iamAuth({ region, credentials, tokenLifeMs }),
    trust: privateTrust({ pem: ca }),
    // The bounds on logins protect a shared RDS; here they would hide how many logins a token serves.
    limits: { maxAgeMs: connectionAgeMs, dialsPerSecond: 500, maxConcurrentDials: 4, connectMs: 20_000 },
  });
}

/** Sends queries on a schedule and returns how long each took from the moment it was due; NaN for a failed one. */
async function sendQueries(database: Database, perSecond: number, forMs: number): Promise<number[]> {
  const sent: Promise<number>[] = [];
  const startedAtMs = performance.now();
  const total = Math.floor((perSecond * forMs) / 1_000);
  while (sent.length < total) {
    const dueBy = Math.min(total, ((performance.now() - startedAtMs) * perSecond) / 1_000);
    while (sent.length < dueBy) {
      sent.push(timed(database, sent.length, startedAtMs + (sent.length * 1_000) / perSecond));
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  return Promise.all(sent);
}

async function timed(database: Database, index: number, dueAtMs: number): Promise<number> {
  try {
    await database.query(sql`SELECT id, title, body FROM notes WHERE id = ${(index % 1_000) + 1}`);
    return performance.now() - dueAtMs;
  } catch {
    return Number.NaN;
  }
}

answer({ run } satisfies TokenHandlers);
