import { type CertMaterial, type CertSource, isSameMaterial } from "../certificate/material.ts";
import { retryDelayMs } from "../timing/backoff.ts";
import { publishReject, publishSwap } from "./events.ts";
import { loadFrom } from "./load.ts";
import { Upkeep } from "./upkeep.ts";
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

/** Keeps one server's certificate fresh: follows its source, retries, and never gives up the last good one. */
export class CertificateKeeper {
  readonly #parts: KeeperParts;
  readonly #upkeep: Upkeep;
  readonly #stopped = new AbortController();
  #live: Vetted;
  #watch: Disposable | undefined;
  #retry: NodeJS.Timeout | undefined;
  #running: Promise<ReloadResult> | undefined;
  #isChangePending = false;
  #failures = 0;
  #swaps = 0;
  #rejections = 0;
  #lastRejected: (Rejected & { readonly at: Date }) | null = null;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.#live = parts.first;
    this.#upkeep = new Upkeep(parts.first, parts.now, () => this.#renew());
  }

  get live(): Vetted {
    return this.#live;
  }

  get swaps(): number {
    return this.#swaps;
  }

  get rejections(): number {
    return this.#rejections;
  }

  get lastRejected(): (Rejected & { readonly at: Date }) | null {
    return this.#lastRejected;
  }

  /** Begins to listen to the source and to the clock. */
  start(): void {
    this.#watch = this.#parts.source.watch?.(() => this.#onChange());
    this.#upkeep.run();
  }

  /** Ends every timer and watch; what is being loaded comes to nothing. */
  stop(): void {
    if (this.#stopped.signal.aborted) return;
    this.#stopped.abort();
    this.#watch?.[Symbol.dispose]();
    this.#upkeep.stop();
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
    if (this.#stopped.signal.aborted) return "unchanged";
    if (outcome === "unchanged") {
      this.#failures = 0;
      return outcome;
    }
    if ("code" in outcome) return this.#reject(outcome);
    try {
      this.#parts.apply(outcome.material);
    } catch (error) {
      const what = "Node refused the certificate";
      return this.#reject(rejection("TLS_REHEARSAL_FAILED", what, error, outcome.fingerprint256));
    }
    return this.#swap(outcome);
  }

  async #candidate(): Promise<Vetted | Rejected | "unchanged"> {
    try {
      const material = await loadFrom(this.#parts.source, this.#stopped.signal);
      return isSameMaterial(material, this.#live.material) ? "unchanged" : await this.#parts.vet(material);
    } catch (error) {
      return rejection("TLS_SOURCE_FAILED", "the certificate source failed", error);
    }
  }

  #swap(next: Vetted): "swapped" {
    const { fingerprint256: previousFingerprint256 } = this.#live;
    const { fingerprint256, notAfter, material } = next;
    this.#live = next;
    this.#swaps++;
    this.#failures = 0;
    const version = material.version === undefined ? {} : { version: material.version };
    publishSwap({ fingerprint256, previousFingerprint256, notAfter, ...version });
    this.#upkeep.follow(next);
    return "swapped";
  }

  #reject(rejected: Rejected): Rejected {
    const isRepeated = this.#failures > 0 && isSameRejection(rejected, this.#lastRejected);
    this.#failures++;
    this.#rejections++;
    this.#lastRejected = Object.freeze({ ...rejected, at: new Date(this.#parts.now()) });
    // Told once, not at every attempt: a candidate that stays bad is not news.
    if (!isRepeated) publishReject(rejected);
    return rejected;
  }

  #renew(): void {
    // While a retry is pending it is the one that asks the source.
    if (this.#retry === undefined) void this.reload();
  }

  #onChange(): void {
    // What is being loaded may have been read before the change.
    if (this.#running !== undefined) this.#isChangePending = true;
    else void this.reload();
  }

  #afterReload(): void {
    if (this.#stopped.signal.aborted) return;
    if (this.#isChangePending) {
      this.#isChangePending = false;
      void this.reload();
    } else if (this.#failures > 0) {
      this.#retry = setTimeout(() => void this.reload(), retryDelayMs(this.#failures)).unref();
    }
  }
}

function isSameRejection(a: Rejected, b: Rejected | null): boolean {
  return b !== null && a.code === b.code && a.fingerprint256 === b.fingerprint256;
}
