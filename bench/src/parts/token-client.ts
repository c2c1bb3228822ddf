import { createDatabase, type Database, iamAuth, privateTrust, sql } from "../../../packages/db/src/index.ts";
import type { DatabaseTarget } from "../database.ts";
import { percentile } from "../statistics.ts";
import { answer } from "./answer.ts";

/** How tokens and connections of one pool come and go. */
export interface TokenPool {
  /** Life of a token; on RDS 900,000. */
  tokenLifeMs: number;
  /** Age at which a connection is replaced, which takes a login with the token of that moment. */
  connectionAgeMs: number;
}

/** Pools that are queried at the same moments, so that whatever the machine does meanwhile meets all of them. */
export interface TokenRequest {
  target: DatabaseTarget;
  pools: readonly TokenPool[];
  seconds: number;
  /** Each pool gets a query this often, whether or not those before have been answered. */
  queriesPerSecond: number;
}

/** What one window saw of a pool. */
export interface TokenResult {
  p99Ms: number;
  failed: number;
  signatures: number;
  logins: number;
}

/** Questions that this part answers. */
export interface TokenHandlers {
  run(request: TokenRequest): Promise<TokenResult[]>;
}

const WARM_UP_MS = 1_000;
const TICK_MS = 1;

async function run({ target, pools, queriesPerSecond, seconds }: TokenRequest): Promise<TokenResult[]> {
  await using stack = new AsyncDisposableStack();
  const databases = pools.map((pool) => stack.use(openDatabase(target, pool)));
  await Promise.all(databases.map((database) => database.ready()));
  await sendQueries(databases, queriesPerSecond, WARM_UP_MS);
  const before = databases.map((database) => database.stats());
  const latenciesMs = await sendQueries(databases, queriesPerSecond, seconds * 1_000);
  return databases.map((database, index) => {
    const { credentialsIssued, opened } = database.stats();
    const { credentialsIssued: issuedBefore = 0, opened: openedBefore = 0 } = before[index] ?? {};
    const all = latenciesMs[index] ?? [];
    const answered = all.filter((latencyMs) => !Number.isNaN(latencyMs));
    return {
      p99Ms: percentile(answered, 0.99),
      failed: all.length - answered.length,
      signatures: credentialsIssued - issuedBefore,
      logins: opened - openedBefore,
    };
  });
}

function openDatabase(login: DatabaseTarget, { tokenLifeMs, connectionAgeMs }: TokenPool): Database {
  const { host, port, database, tokenUser, region, credentials, ca } = login;
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

/** Sends queries on a schedule; returns for each pool how long each took from the moment it was due, NaN if failed. */
async function sendQueries(
  databases: readonly Database[],
  perSecond: number,
  forMs: number,
): Promise<number[][]> {
  const sent: Promise<number>[][] = databases.map(() => []);
  const startedAtMs = performance.now();
  const total = Math.floor((perSecond * forMs) / 1_000);
  for (let count = 0; count < total; ) {
    const dueBy = Math.min(total, ((performance.now() - startedAtMs) * perSecond) / 1_000);
    for (; count < dueBy; count++) {
      const dueAtMs = startedAtMs + (count * 1_000) / perSecond;
      // In turning order: who is asked second waits for the first one's work.
      const order = count % 2 === 0 ? databases : databases.toReversed();
      for (const database of order) sent[databases.indexOf(database)]?.push(timed(database, count, dueAtMs));
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  return Promise.all(sent.map((latencies) => Promise.all(latencies)));
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
