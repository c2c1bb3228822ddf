import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import type { FakeClock } from "@sealed/faults";
import type { RawResult, Session, SessionObserver } from "../src/session/session.ts";

let lastThreadId = 0;

/** A session without a server. */
export class FakeSession implements Session {
  readonly threadId: number;
  readonly address: string;
  readonly openedAtMs: number;
  readonly credentialIssuedAtMs = undefined;
  readonly socket = undefined as unknown as TLSSocket;
  readonly peer = undefined as unknown as X509Certificate;
  observer: SessionObserver | undefined;
  isUsable = true;
  isBusy = false;
  /** Text of everything that was sent. */
  readonly sent: string[] = [];
  pings = 0;
  answersPings = true;
  /** Time until a ping is answered. */
  pingMs = 0;
  /** What the server says it has been up for. */
  uptimeS = 1_000_000;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock, address = "10.0.0.1") {
    lastThreadId += 1;
    this.threadId = lastThreadId;
    this.#clock = clock;
    this.address = address;
    this.openedAtMs = clock.elapsedMs();
  }

  execute(): Promise<RawResult> {
    return Promise.resolve([]);
  }

  command(text: string): Promise<RawResult> {
    this.sent.push(text);
    return Promise.resolve(text.includes("Uptime") ? [{ Value: String(this.uptimeS) }] : []);
  }

  async ping(deadlineMs: number): Promise<void> {
    this.pings += 1;
    if (!this.answersPings) throw new Error("no answer");
    if (this.pingMs === 0) return;
    await new Promise<void>((resolve) => this.#clock.after(Math.min(deadlineMs, this.pingMs), resolve));
    if (this.pingMs <= deadlineMs) return;
    this.observer?.abandoned("DB_STATEMENT_TIMEOUT");
    this.destroy();
    throw new Error("no answer in time");
  }

  async quit(): Promise<void> {
    await Promise.resolve();
    this.destroy();
  }

  destroy(): void {
    if (!this.isUsable) return;
    this.isUsable = false;
    this.observer?.lost();
  }
}
