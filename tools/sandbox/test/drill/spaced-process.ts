import { setTimeout as delay } from "node:timers/promises";
import type { TLSSocket } from "node:tls";
import { answer } from "./helper.ts";
import { getOn, openConnection } from "./raw-request.ts";

/** Requests on kept connections, each some time after the answer before. */
export interface SpacedPlan {
  /** Of the load balancer; its certificate must be one for localhost. */
  port: number;
  caPem: string;
  connections: number;
  /** Those that find their connection closed count too, though they are not sent. */
  requests: number;
  /** A connection that lay idle for longer is left to the load balancer, whose turn it is to close it. */
  longestIdleMs: number;
  /** Ranges of milliseconds between an answer and the next request on its connection, taken in turn and swept. */
  gapsMs: readonly (readonly [from: number, to: number])[];
}

/** What became of them. */
export interface SpacedReport {
  /** How many had which end: the status, or "closed" for a connection that ended in place of an answer. */
  outcomes: Record<string, number>;
  /** Connections that lay idle for too long: a new one took their place. */
  reopened: number;
  /** How long those that gave no good answer had lain idle. */
  brokeAfterMs: number[];
}

/** Questions that this process answers. */
export interface SpacedHandlers {
  run(plan: SpacedPlan): Promise<SpacedReport>;
}

const SWEEP_STEPS = 97;
// All at once, the handshakes would take longer than the load balancer waits for a request.
const OPEN_EVERY_MS = 7;

answer({
  async run(plan) {
    const report: SpacedReport = { outcomes: {}, reopened: 0, brokeAfterMs: [] };
    let sent = 0;
    const client = async (_: unknown, number: number) => {
      await delay(number * OPEN_EVERY_MS);
      let socket = await open(plan);
      while (sent < plan.requests) {
        const answeredAtMs = performance.now();
        await delay(gapMs(plan, sent++));
        const idleMs = performance.now() - answeredAtMs;
        if (socket.readableEnded || idleMs > plan.longestIdleMs) {
          report.reopened++;
        } else {
          const outcome = await getOn(socket, plan.port, "/");
          report.outcomes[outcome] = (report.outcomes[outcome] ?? 0) + 1;
          if (outcome === "200") continue;
          report.brokeAfterMs.push(Math.round(idleMs));
        }
        socket.destroy();
        socket = await open(plan);
      }
      socket.destroy();
    };
    await Promise.all(Array.from({ length: plan.connections }, client));
    return report;
  },
} satisfies SpacedHandlers);

function gapMs({ gapsMs }: SpacedPlan, index: number): number {
  const [from, to] = gapsMs[index % gapsMs.length] ?? [0, 0];
  return from + ((to - from) * (index % SWEEP_STEPS)) / SWEEP_STEPS;
}

/** Returns a connection with its first answer. A load balancer that is busy may refuse one: not what is asked here. */
async function open(plan: SpacedPlan): Promise<TLSSocket> {
  for (;;) {
    const socket = await openConnection(plan.port, { ca: plan.caPem }).catch(() => undefined);
    if (socket !== undefined && (await getOn(socket, plan.port, "/")) === "200") return socket;
    socket?.destroy();
    await delay(OPEN_EVERY_MS);
  }
}
