import { type DatabaseTarget, ROWS } from "../database.ts";
import { answer } from "./answer.ts";
import { type ClientKind, openQueryClient, type QueryClient } from "./query-clients.ts";

/** What one window saw. */
export interface QueryResult {
  queriesPerSecond: number;
  cpuMicrosPerQuery: number;
}

/** Questions that this part answers. */
export interface QueryHandlers {
  open(request: { kind: ClientKind; target: DatabaseTarget }): Promise<void>;
  run(request: { seconds: number }): Promise<QueryResult>;
}

const CALLERS = 32;
const WARM_UP_MS = 500;

let client: QueryClient | undefined;

async function open({ kind, target }: { kind: ClientKind; target: DatabaseTarget }): Promise<void> {
  client = openQueryClient(kind, target);
  await client.read(1);
}

/** Each caller asks for its next row when it has the last. */
async function run({ seconds }: { seconds: number }): Promise<QueryResult> {
  const { read } = client as QueryClient;
  let queries = 0;
  let isOver = false;
  const caller = async (_: unknown, first: number): Promise<void> => {
    for (let id = first; !isOver; id = (id + CALLERS) % ROWS) {
      await read(id + 1);
      queries += 1;
    }
  };
  const callers = Promise.all(Array.from({ length: CALLERS }, caller));
  await sleep(WARM_UP_MS);
  queries = 0;
  const cpuBefore = process.cpuUsage();
  const startedAtMs = performance.now();
  await sleep(seconds * 1_000);
  const { user, system } = process.cpuUsage(cpuBefore);
  const tookMs = performance.now() - startedAtMs;
  const counted = queries;
  isOver = true;
  await callers;
  return { queriesPerSecond: counted / (tookMs / 1_000), cpuMicrosPerQuery: (user + system) / counted };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

answer({ open, run } satisfies QueryHandlers);
