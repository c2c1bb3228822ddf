import type { Clock } from "../clock.ts";
import { DbError } from "../errors.ts";
import type { Dial } from "../session/dial.ts";
import type { Session } from "../session/session.ts";

/** One session for all who ask, opened at the first request: for a pool that lends none any more. */
export class LastSession {
  readonly #dial: Dial;
  readonly #clock: Clock;
  readonly #withinMs: number;
  readonly #controller = new AbortController();
  #session: Promise<Session> | undefined;

  /** @param withinMs - Time from the first request to the end of everything. */
  constructor(dial: Dial, clock: Clock, withinMs: number) {
    this.#dial = dial;
    this.#clock = clock;
    this.#withinMs = withinMs;
  }

  acquire(): Promise<Session> {
    this.#session ??= this.#open();
    return this.#session;
  }

  /** Closes the session, if one was asked for. */
  async close(): Promise<void> {
    const session = await this.#session?.catch(() => undefined);
    await session?.quit(this.#withinMs);
    this.#controller.abort();
  }

  async #open(): Promise<Session> {
    const { signal } = this.#controller;
    const late = new DbError("DB_UNREACHABLE", `the server did not answer within ${this.#withinMs} ms`);
    const timer = this.#clock.after(this.#withinMs, () => this.#controller.abort(late));
    signal.addEventListener("abort", () => timer.cancel(), { once: true });
    const session = await this.#dial(signal);
    signal.addEventListener("abort", () => session.destroy(), { once: true });
    return session;
  }
}
