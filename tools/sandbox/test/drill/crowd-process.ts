import { once } from "node:events";
import type { TLSSocket } from "node:tls";
import { answer } from "./helper.ts";
import { getOn, openConnection } from "./raw-request.ts";

/** How many requests had which end: the status, or the code of what broke; and the longest wait for one. */
export interface CrowdReport {
  outcomes: Record<string, number>;
  slowestMs: number;
}

/** Questions that this process answers; every request goes to /livez. */
export interface CrowdHandlers {
  /** Opens connections, asks once on each, and keeps them. */
  open(request: { port: number; count: number }): Promise<CrowdReport>;
  /** Asks on so many of the kept connections, spread over all of them, all at once. */
  askAgain(request: { port: number; count: number }): Promise<CrowdReport>;
  /** Asks on new connections, one after the other, which are not kept. */
  askAnew(request: { port: number; count: number }): Promise<CrowdReport>;
  /** Ends so many of the kept connections. */
  close(count: number): Promise<void>;
}

const AT_ONCE = 40;
const PATH = "/livez";

const kept: TLSSocket[] = [];
// Whose certificate it is plays no role here, and resumed handshakes cost half.
let session: Buffer | undefined;

answer({
  async open({ port, count }) {
    let started = 0;
    return await report(AT_ONCE, async (ask) => {
      while (started < count) {
        started++;
        await ask(async () => {
          const socket = await open(port);
          kept.push(socket);
          return await getOn(socket, port, PATH);
        });
      }
    });
  },
  async askAgain({ port, count }) {
    const step = kept.length / count;
    const chosen = Array.from({ length: count }, (_, index) => kept[Math.floor(index * step)] as TLSSocket);
    return await report(count, (ask, index) => ask(() => getOn(chosen[index] as TLSSocket, port, PATH)));
  },
  async askAnew({ port, count }) {
    return await report(1, async (ask) => {
      for (let index = 0; index < count; index++) {
        await ask(async () => {
          const socket = await open(port);
          return await getOn(socket, port, PATH).finally(() => socket.destroy());
        });
      }
    });
  },
  async close(count) {
    for (const socket of kept.splice(0, count)) {
      const closed = once(socket, "close");
      socket.destroy();
      await closed;
    }
  },
} satisfies CrowdHandlers);

async function open(port: number): Promise<TLSSocket> {
  const socket = await openConnection(port, { rejectUnauthorized: false, session });
  socket.once("session", (ticket: Buffer) => {
    session = ticket;
  });
  return socket;
}

type Ask = (send: () => Promise<string>) => Promise<void>;

/** Runs so many askers side by side and counts what becomes of their requests. */
async function report(askers: number, run: (ask: Ask, index: number) => Promise<void>): Promise<CrowdReport> {
  const seen: CrowdReport = { outcomes: {}, slowestMs: 0 };
  const ask: Ask = async (send) => {
    const startedAtMs = performance.now();
    const outcome = await send().catch((error: NodeJS.ErrnoException) => error.code ?? error.message);
    seen.outcomes[outcome] = (seen.outcomes[outcome] ?? 0) + 1;
    seen.slowestMs = Math.max(seen.slowestMs, Math.round(performance.now() - startedAtMs));
  };
  await Promise.all(Array.from({ length: askers }, (_, index) => run(ask, index)));
  return seen;
}
