import { setTimeout as delay } from "node:timers/promises";
import { type DatabaseTarget, ROWS } from "../database.ts";
import type { Tally } from "../tally.ts";
import { answer } from "./answer.ts";
import { type ClientKind, openQueryClient, type QueryClient } from "./query-clients.ts";

/** Questions that this part answers. */
export interface QueryHandlers {
  open(request: { kind: ClientKind; target: DatabaseTarget }): Promise<void>;
  /** Reads rows for a while; tallies queries. */
  run(request: { milliseconds: number }): Promise<Tally>;
}

const CALLERS = 32;
/** Until all callers are under way. */
const START_MS = 20;

let client: QueryClient | undefined;

async function open({ kind, target }: { kind: ClientKind; target: DatabaseTarget }): Promise<void> {
  client = openQueryClient(kind, target);
  await client.read(1);
}

/** Each caller asks for its next row when it has the last. */
async function run({ milliseconds }: { milliseconds: number }): Promise<Tally> {
  const { read } = client as QueryClient;
  let count = 0;
  let isOver = false;
  const caller = async (_: unknown, first: number): Promise<void> => {
    for (let id = first; !isOver; id = (id + CALLERS) % ROWS) {
      await read(id + 1);
      count += 1;
    }
  };
  const callers = Promise.all(Array.from({ length: CALLERS }, caller)).finally(() => {
    isOver = true;
  });
  // A query that fails ends the window at once.
  const wait = (duration: number) => Promise.race([delay(duration), callers]);
  await wait(START_MS);
  count = 0;
  const cpuBefore = process.cpuUsage();
  const startedAtMs = performance.now();
  await wait(milliseconds);
  const { user, system } = process.cpuUsage(cpuBefore);
  const tally = { count, cpuMicros: user + system, wallMs: performance.now() - startedAtMs };
  isOver = true;
  await callers;
  return tally;
}

answer({ open, run } satisfies QueryHandlers);
