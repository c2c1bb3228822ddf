import { once } from "node:events";
import type { RequestListener } from "node:http";
import { Server } from "node:https";
import type { SecureContextOptions } from "node:tls";
import { inspect } from "node:util";
import type { CertMaterial, CertSource } from "../certificate/material.ts";
import { daysLeft } from "../certificate/validity.ts";
import { type DrainOptions, type DrainReport, drainHttpServer } from "../drain/drain-http-server.ts";
import {
  cutAllConnections,
  cutOverdue,
  cutSilent,
  type RequestTracker,
  trackRequests,
  watchForSilence,
} from "../drain/request-tracker.ts";
import { CertificateKeeper, type ReloadResult } from "./certificate-keeper.ts";
import { expiresSoon } from "./expiry-alarm.ts";
import { countHandshakes, type HandshakeCounts } from "./handshake-counts.ts";
import { applyLimits, limitOptions, type ServerLimits } from "./limits.ts";
import { type FixedOptions, secureOptions } from "./secure-options.ts";
import { requireSoundHead } from "./sound-head.ts";
import type { Rejected, Vetted } from "./vet.ts";

/** Everything a server is made of, checked. */
export interface ServerPlan {
  readonly source: CertSource;
  readonly fixed: FixedOptions;
  readonly limits: Readonly<ServerLimits>;
  readonly now: () => number;
  readonly vet: (material: CertMaterial) => Promise<Vetted | Rejected>;
}

/** Tells what a server serves and what has come to it. Holds no secret. */
export interface TlsServerState {
  readonly notAfter: Date;
  /** Whole days, rounded down; negative after the end. */
  readonly daysLeft: number;
  /** Past the third of its four warnings, 7 days before the end of a long life: nothing has renewed it. */
  readonly expiresSoon: boolean;
  readonly fingerprint256: string;
  readonly subject: string;
  readonly swaps: number;
  /** Candidates refused and sources failed, each attempt counted. */
  readonly rejections: number;
  /** The last candidate refused or source failed, also when all has been well since. */
  readonly lastRejected: (Rejected & { readonly at: Date }) | null;
  readonly handshakes: Readonly<Omit<HandshakeCounts, "httpOnTls">>;
  readonly connections: number;
  readonly httpOnTls: number;
}

/** An https server that never serves a bad certificate; made by `createTlsServer`. */
export class TlsServer extends Server {
  readonly #keeper: CertificateKeeper;
  readonly #counts: HandshakeCounts;
  readonly #requests: RequestTracker;
  readonly #now: () => number;
  readonly #stopTimers: () => void;

  constructor(app: RequestListener, plan: ServerPlan, first: Vetted) {
    const options = { ...secureOptions(plan.fixed, first.material), ...limitOptions(plan.limits) };
    super({ ...options, requireHostHeader: false }, requireSoundHead(app, plan.limits.maxHeadersCount));
    applyLimits(this, plan.limits);
    this.#now = plan.now;
    this.#counts = countHandshakes(this);
    this.#requests = trackRequests(this);
    this.on("timeout", (socket) => cutSilent(this.#requests, socket));
    this.#keeper = new CertificateKeeper({
      source: plan.source,
      first,
      vet: plan.vet,
      apply: (material) => this.setSecureContext(secureOptions(plan.fixed, material)),
      now: plan.now,
    });
    const { answerTimeoutMs, socketTimeoutMs, connectionsCheckingIntervalMs } = plan.limits;
    const sweep = setInterval(() => {
      cutOverdue(this.#requests, answerTimeoutMs);
      watchForSilence(this.#requests, socketTimeoutMs);
    }, connectionsCheckingIntervalMs);
    sweep.unref();
    this.#stopTimers = () => {
      clearInterval(sweep);
      this.#keeper.stop();
    };
    this.once("close", this.#stopTimers);
    this.#keeper.start();
  }

  /** Looks at the source now; a bad certificate is refused with its reason and the old one stays. Never rejects. */
  reload(): Promise<ReloadResult> {
    return this.#keeper.reload();
  }

  /** Ends the server without losing a request; see `drainHttpServer`. */
  drain(options: DrainOptions): Promise<DrainReport> {
    return drainHttpServer(this, options);
  }

  /** Returns a snapshot of the certificate, the handshakes and the connections. */
  state(): TlsServerState {
    const { notBefore, notAfter, fingerprint256, subject } = this.#keeper.live;
    const { httpOnTls, byProtocol, byGroup, ...handshakes } = this.#counts;
    return {
      notAfter,
      daysLeft: daysLeft(notAfter, this.#now()),
      expiresSoon: expiresSoon(notBefore, notAfter, this.#now()),
      fingerprint256,
      subject,
      swaps: this.#keeper.swaps,
      rejections: this.#keeper.rejections,
      lastRejected: this.#keeper.lastRejected,
      handshakes: { ...handshakes, byProtocol: { ...byProtocol }, byGroup: { ...byGroup } },
      connections: this.#requests.accepted.size,
      httpOnTls,
    };
  }

  /**
   * Stops at once: cuts all connections, ends all timers; closes again if it was about to listen. `drain` is the way
   * that loses nothing.
   */
  override async [Symbol.asyncDispose](): Promise<void> {
    this.#stopTimers();
    const closed = this.listening ? once(this, "close") : undefined;
    if (this.listening) this.close();
    else this.once("listening", () => this.close());
    cutAllConnections(this.#requests);
    await closed;
  }

  /** Puts a certificate live as Node does, and then takes the secrets off the server, where any dump shows them. */
  override setSecureContext(options: SecureContextOptions): void {
    super.setSecureContext(options);
    Object.assign(this, { key: undefined, ticketKeys: undefined });
  }

  [inspect.custom](): string {
    return `TlsServer ${inspect(this.state(), { depth: 4 })}`;
  }
}
