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

  constructor(clock: FakeClock, address = "10.0.0.1") {
    lastThreadId += 1;
    this.threadId = lastThreadId;
    this.address = address;
    this.openedAtMs = clock.elapsedMs();
  }

  execute(): Promise<RawResult> {
    return Promise.resolve([]);
  }

  command(text: string): Promise<RawResult> {
    this.sent.push(text);
    return Promise.resolve(text.includes("Uptime") ? [{ Value: "1000000" }] : []);
  }

  ping(): Promise<void> {
    this.pings += 1;
    return this.answersPings ? Promise.resolve() : Promise.reject(new Error("no answer"));
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
