import { setTimeout as delay } from "node:timers/promises";
import { answer } from "./helper.ts";
import { percentile } from "./load-report.ts";
import { answerOn, openConnection } from "./raw-request.ts";

/** Clients that send one character at a time, in the middle of what they say. */
export interface SlowPlan {
  /** Of the load balancer; its certificate must be one for localhost. */
  port: number;
  caPem: string;
  count: number;
  /** Where they get slow: in the headers, or in the body of a note. */
  part: "headers" | "body";
  everyMs: number;
}

/** What became of them. */
export interface SlowReport {
  /** How many had which end: the status, or "closed" for a connection that ended without an answer. */
  outcomes: Record<string, number>;
  /** From the last whole thing that was sent to the end. */
  lastedMs: { p50: number; max: number };
}

/** Questions that this process answers. */
export interface SlowHandlers {
  run(plan: SlowPlan): Promise<SlowReport>;
}

// Handshakes at once; all of them would keep the load balancer from anything else.
const OPEN_EVERY_MS = 4;

answer({
  async run(plan) {
    const outcomes: Record<string, number> = {};
    const lastedMs: number[] = [];
    const client = async (_: unknown, number: number) => {
      await delay(number * OPEN_EVERY_MS);
      const { outcome, ms } = await crawl(plan);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      lastedMs.push(ms);
    };
    await Promise.all(Array.from({ length: plan.count }, client));
    lastedMs.sort((a, b) => a - b);
    return { outcomes, lastedMs: { p50: percentile(lastedMs, 0.5), max: percentile(lastedMs, 1) } };
  },
} satisfies SlowHandlers);

async function crawl({ port, caPem, part, everyMs }: SlowPlan): Promise<{ outcome: string; ms: number }> {
  const socket = await openConnection(port, { ca: caPem });
  const head = `POST /api/notes HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Type: application/json\r\n`;
  const startedAtMs = performance.now();
  const answered = answerOn(socket);
  socket.write(part === "headers" ? `${head}X-Slow: ` : `${head}Content-Length: 9000\r\n\r\n{"title":"`);
  const drip = setInterval(() => socket.write("x"), everyMs);
  const outcome = await answered;
  clearInterval(drip);
  socket.destroy();
  return { outcome, ms: performance.now() - startedAtMs };
}
