import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

const WITHIN_MS = 10_000;
/** Short, because one row measures how long it takes. */
const PAUSE_MS = 2;

/** Resolves when something listens on a loopback port. @throws Error with `output()` after 10 s. */
export async function untilPortAnswers(port: number, output: () => string): Promise<void> {
  const deadlineMs = performance.now() + WITHIN_MS;
  while (performance.now() < deadlineMs) {
    const socket = connect(port, "127.0.0.1");
    try {
      await once(socket, "connect");
      return;
    } catch {
      await delay(PAUSE_MS);
    } finally {
      socket.destroy();
    }
  }
  throw new Error(`nothing listens on port ${port}; its last output: ${output()}`);
}
