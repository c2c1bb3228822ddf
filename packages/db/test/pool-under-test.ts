import { FakeClock, settled } from "@sealed/faults";
import { type CloseReason, DbError, type DbErrorCode, type DbEvent, type Limits } from "../src/index.ts";
import { completeLimits } from "../src/limits.ts";
import { Pool } from "../src/pool/pool.ts";
import type { Dial, DialPhase } from "../src/session/dial.ts";
import { FakeSession } from "./fake-session.ts";

/** A pool over a server that does as it is told. */
export function poolOver(limits: Partial<Limits> = {}) {
  const clock = new FakeClock();
  const state = {
    dials: 0,
    /** Logins that the server has not answered yet. */
    underWay: 0,
    failWith: undefined as DbErrorCode | undefined,
    hangIn: undefined as DialPhase | undefined,
    diesAfterLogin: false,
    pingMs: 0,
    uptimeS: 1_000_000,
    addresses: ["10.0.0.1"],
    sessions: [] as FakeSession[],
    events: [] as DbEvent[],
  };
  const answerLogin: Dial = async (signal, onPhase) => {
    onPhase?.(state.hangIn ?? "connection");
    await settled();
    if (state.hangIn !== undefined) {
      await new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
        if (signal.aborted) reject(signal.reason);
      });
    }
    if (state.failWith !== undefined) throw new DbError(state.failWith, "as told");
    const session = new FakeSession(clock, state.addresses[0]);
    session.pingMs = state.pingMs;
    session.uptimeS = state.uptimeS;
    state.sessions.push(session);
    if (state.diesAfterLogin) session.destroy();
    return session;
  };
  const pool = new Pool({
    clock,
    limits: completeLimits({ minWarm: 0, ...limits }),
    random: () => 0.5,
    emit: (event) => state.events.push(event),
    addresses: () => Promise.resolve(state.addresses),
    dial: async (signal, onPhase) => {
      state.dials += 1;
      state.underWay += 1;
      try {
        return await answerLogin(signal, onPhase);
      } finally {
        state.underWay -= 1;
      }
    },
  });
  const reasons = (): CloseReason[] =>
    state.events.filter((event) => event.type === "connection.closed").map(({ reason }) => reason);
  return { clock, pool, state, reasons };
}
