import { CLOCK_SKEW_MS, daysLeft } from "../certificate/validity.ts";
import { publishExpiring } from "./events.ts";
import { ExpiryAlarm } from "./expiry-alarm.ts";
import type { Vetted } from "./vet.ts";

/** The clock is looked at this often, so that a jump or a suspended machine delays nothing for longer. */
const LONGEST_SLEEP_MS = 60 * 60_000;
/** Below this a source whose moment of renewal lies always in the past would keep the processor busy. */
const SHORTEST_SLEEP_MS = 1_000;

/** Follows the clock for the certificate that is served: asks for its renewal and warns of its end. */
export class Upkeep {
  readonly #now: () => number;
  readonly #renew: () => void;
  #live: Vetted;
  #alarm: ExpiryAlarm;
  #timer: NodeJS.Timeout | undefined;

  /** @param renew - Called when it is time to, and every hour from then on until another certificate is served. */
  constructor(live: Vetted, now: () => number, renew: () => void) {
    this.#live = live;
    this.#now = now;
    this.#renew = renew;
    this.#alarm = new ExpiryAlarm(live.notBefore, live.notAfter);
  }

  /** Follows another certificate from now on. */
  follow(live: Vetted): void {
    this.#live = live;
    this.#alarm = new ExpiryAlarm(live.notBefore, live.notAfter);
    this.run();
  }

  /** Does what is due, and comes back by itself when something is due again. */
  run(): void {
    clearTimeout(this.#timer);
    const nowMs = this.#now();
    this.#warn(nowMs);
    if (this.#isRenewalDue(nowMs)) this.#renew();
    const dueMs = [this.#renewAtMs, this.#alarm.nextAtMs].filter((ms) => ms > nowMs);
    const sleepMs = Math.max(SHORTEST_SLEEP_MS, Math.min(LONGEST_SLEEP_MS, ...dueMs.map((ms) => ms - nowMs)));
    this.#timer = setTimeout(() => this.run(), sleepMs).unref();
  }

  /** Does nothing more. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  get #renewAtMs(): number {
    return this.#live.material.renewAt?.getTime() ?? Number.POSITIVE_INFINITY;
  }

  #isRenewalDue(nowMs: number): boolean {
    if (this.#renewAtMs <= nowMs) return true;
    // After a clock was set back the certificate is one of the future, and its renewal even further away.
    const isTooYoung = this.#live.notBefore.getTime() > nowMs + CLOCK_SKEW_MS;
    return isTooYoung && this.#live.material.renewAt !== undefined;
  }

  #warn(nowMs: number): void {
    const thresholdDays = this.#alarm.check(nowMs);
    if (thresholdDays === null) return;
    const { fingerprint256, notAfter } = this.#live;
    publishExpiring({ fingerprint256, notAfter, daysLeft: daysLeft(notAfter, nowMs), thresholdDays });
  }
}
