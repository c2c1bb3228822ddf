import { type CertMaterial, type CertSource, isSameMaterial } from "../certificate/material.ts";
import { CLOCK_SKEW_MS, daysLeft } from "../certificate/validity.ts";
import { retryDelayMs } from "../timing/backoff.ts";
import { publishExpiring, publishReject, publishSwap } from "./events.ts";
import { ExpiryAlarm } from "./expiry-alarm.ts";
import { loadFrom } from "./load.ts";
import { type Rejected, rejection, type Vetted } from "./vet.ts";

/** Outcome of looking for a new certificate. */
export type ReloadResult = "swapped" | "unchanged" | Rejected;

/** What a keeper works with. */
export interface KeeperParts {
  readonly source: CertSource;
  readonly first: Vetted;
  readonly vet: (material: CertMaterial) => Promise<Vetted | Rejected>;
  /** Puts a vetted certificate live. */
  readonly apply: (material: CertMaterial) => void;
  readonly now: () => number;
}

/** The clock is looked at this often, so that a jump or a suspended machine delays nothing for longer. */
const LONGEST_SLEEP_MS = 60 * 60_000;
/** Below this a source whose moment of renewal lies always in the past would keep the processor busy. */
const SHORTEST_SLEEP_MS = 1_000;

/** Keeps one server's certificate fresh: renews, retries, warns, and never gives up the last good one. */
export class CertificateKeeper {
  readonly #parts: KeeperParts;
  #live: Vetted;
  #alarm: ExpiryAlarm;
  #watch: Disposable | undefined;
  #upkeep: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #running: Promise<ReloadResult> | undefined;
  #isChangePending = false;
  #isStopped = false;
  #failures = 0;
  #swaps = 0;
  #lastRejected: (Rejected & { readonly at: Date }) | null = null;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.#live = parts.first;
    this.#alarm = new ExpiryAlarm(parts.first.notBefore, parts.first.notAfter);
  }

  get live(): Vetted {
    return this.#live;
  }

  get swaps(): number {
    return this.#swaps;
  }

  get lastRejected(): (Rejected & { readonly at: Date }) | null {
    return this.#lastRejected;
  }

  /** Begins to listen to the source and to the clock. */
  start(): void {
    this.#watch = this.#parts.source.watch?.(() => this.#onChange());
    this.#keepUp();
  }

  /** Ends every timer and watch; what is loading comes to nothing. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#watch?.[Symbol.dispose]();
    clearTimeout(this.#upkeep);
    clearTimeout(this.#retry);
  }

  /** Loads, vets and applies; calls that come while one is under way share its outcome. Never rejects. */
  reload(): Promise<ReloadResult> {
    this.#running ??= this.#reloadOnce().finally(() => {
      this.#running = undefined;
      this.#afterReload();
    });
    return this.#running;
  }

  async #reloadOnce(): Promise<ReloadResult> {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    const outcome = await this.#candidate();
    if (this.#isStopped) return "unchanged";
    if (outcome === "unchanged") {
      this.#failures = 0;
      return outcome;
    }
    if ("code" in outcome) return this.#reject(outcome);
    try {
      this.#parts.apply(outcome.material);
    } catch (error) {
      return this.#reject(
        rejection("TLS_REHEARSAL_FAILED", "Node refused the certificate", error, outcome.fingerprint256),
      );
    }
    return this.#swap(outcome);
  }

  async #candidate(): Promise<Vetted | Rejected | "unchanged"> {
    try {
      const material = await loadFrom(this.#parts.source);
      return isSameMaterial(material, this.#live.material) ? "unchanged" : await this.#parts.vet(material);
    } catch (error) {
      return rejection("TLS_SOURCE_FAILED", "the certificate source failed", error);
    }
  }

  #swap(next: Vetted): "swapped" {
    const previous = this.#live;
    this.#live = next;
    this.#alarm = new ExpiryAlarm(next.notBefore, next.notAfter);
    this.#swaps++;
    this.#failures = 0;
    publishSwap({
      fingerprint256: next.fingerprint256,
      previousFingerprint256: previous.fingerprint256,
      notAfter: next.notAfter,
      ...(next.material.version === undefined ? {} : { version: next.material.version }),
    });
    this.#keepUp();
    return "swapped";
  }

  #reject(rejected: Rejected): Rejected {
    const isRepeated = this.#failures > 0 && isSameRejection(rejected, this.#lastRejected);
    this.#failures++;
    this.#lastRejected = Object.freeze({ ...rejected, at: new Date(this.#parts.now()) });
    // Told once, not at every attempt: a candidate that stays bad is not news.
    if (!isRepeated) publishReject(rejected);
    return rejected;
  }

  #onChange(): void {
    // What is being loaded may have been read before the change.
    if (this.#running !== undefined) this.#isChangePending = true;
    else void this.reload();
  }

  #afterReload(): void {
    if (this.#isStopped) return;
    if (this.#isChangePending) {
      this.#isChangePending = false;
      void this.reload();
    } else if (this.#failures > 0) {
      this.#retry = setTimeout(() => void this.reload(), retryDelayMs(this.#failures)).unref();
    }
  }

  /** Warns and renews where it is time to, and comes back when it is time again. */
  #keepUp(): void {
    clearTimeout(this.#upkeep);
    const nowMs = this.#parts.now();
    this.#warn(nowMs);
    if (this.#isRenewalDue(nowMs) && this.#retry === undefined) void this.reload();
    const nextMs = Math.min(
      this.#renewAtMs > nowMs ? this.#renewAtMs : Number.POSITIVE_INFINITY,
      this.#alarm.nextAtMs,
    );
    const sleepMs = Math.max(SHORTEST_SLEEP_MS, Math.min(nextMs - nowMs, LONGEST_SLEEP_MS));
    this.#upkeep = setTimeout(() => this.#keepUp(), sleepMs).unref();
  }

  get #renewAtMs(): number {
    return this.#live.material.renewAt?.getTime() ?? Number.POSITIVE_INFINITY;
  }

  #isRenewalDue(nowMs: number): boolean {
    // The second case is a clock that was set back: the certificate is of the future now.
    const { notBefore, material } = this.#live;
    const isTooYoung = notBefore.getTime() > nowMs + CLOCK_SKEW_MS;
    return material.renewAt !== undefined && (this.#renewAtMs <= nowMs || isTooYoung);
  }

  #warn(nowMs: number): void {
    const thresholdDays = this.#alarm.check(nowMs);
    if (thresholdDays === null) return;
    const { fingerprint256, notAfter } = this.#live;
    publishExpiring({ fingerprint256, notAfter, daysLeft: daysLeft(notAfter, nowMs), thresholdDays });
  }
}

function isSameRejection(a: Rejected, b: Rejected | null): boolean {
  return b !== null && a.code === b.code && a.fingerprint256 === b.fingerprint256;
}
