import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import type { Connection } from "mysql2";
import type { Clock } from "../clock.ts";
import type { DriverError } from "../driver-errors.ts";
import { statementError } from "../driver-errors.ts";
import { DbError } from "../errors.ts";
import type { Sql, SqlValue } from "../sql.ts";
import type { RawResult, Session, SessionObserver, StatementOptions } from "./session.ts";

/** What is known of a connection when its login is done. */
export interface SessionFacts {
  address: string;
  peer: X509Certificate;
  openedAtMs: number;
  credentialIssuedAtMs: number | undefined;
}

type Reply = (error: DriverError | null | undefined, result: unknown) => void;
type Abandon = "DB_STATEMENT_TIMEOUT" | "DB_ABORTED";

/** A `Session` on one mysql2 connection, which nothing else uses. */
export class MysqlSession implements Session {
  readonly threadId: number;
  readonly address: string;
  readonly peer: X509Certificate;
  readonly openedAtMs: number;
  readonly credentialIssuedAtMs: number | undefined;
  observer: SessionObserver | undefined;
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #running = new Set<(error: DriverError) => void>();
  #isUsable = true;

  constructor(connection: Connection, facts: SessionFacts, clock: Clock) {
    this.#connection = connection;
    this.#clock = clock;
    this.threadId = connection.threadId;
    this.address = facts.address;
    this.peer = facts.peer;
    this.openedAtMs = facts.openedAtMs;
    this.credentialIssuedAtMs = facts.credentialIssuedAtMs;
    const lost = (): void => this.#lose();
    // `warn` is how the driver reports packets out of order: the stream can no longer be trusted.
    for (const event of ["error", "end", "warn"]) connection.on(event, lost);
    this.socket.once("close", lost);
  }

  get socket(): TLSSocket {
    return socketOf(this.#connection);
  }

  get isUsable(): boolean {
    return this.#isUsable;
  }

  get isBusy(): boolean {
    return this.#running.size > 0;
  }

  execute(statement: Sql, options: StatementOptions): Promise<RawResult> {
    return this.#run(options, (reply) => {
      this.#connection.execute(statement.text, statement.values as SqlValue[], reply);
    });
  }

  command(text: string, values: readonly SqlValue[], options: StatementOptions): Promise<RawResult> {
    return this.#run(options, (reply) => {
      this.#connection.query(text, values as SqlValue[], reply);
    });
  }

  async ping(deadlineMs: number): Promise<void> {
    await this.#run({ deadlineMs, repeatable: true }, (reply) => {
      this.#connection.ping((error) => reply(error, []));
    });
  }

  async quit(withinMs: number): Promise<void> {
    if (!this.#isUsable) return;
    this.#isUsable = false;
    const { socket } = this;
    const closed = new Promise((resolve) => socket.once("close", resolve));
    const timer = this.#clock.after(withinMs, () => socket.destroy());
    this.#connection.end();
    await closed;
    timer.cancel();
    this.observer?.lost();
  }

  destroy(): void {
    if (!this.#isUsable) return;
    // The driver's own `destroy` only half-closes: a peer that never answers would keep the socket for ever.
    this.#connection.destroy();
    this.#lose();
  }

  #run(options: StatementOptions, start: (reply: Reply) => void): Promise<RawResult> {
    if (!this.#isUsable) return Promise.reject(lostBefore());
    // A signal that has fired already fires no event.
    if (options.signal?.aborted) return Promise.reject(abortedBefore());
    return new Promise((resolve, reject) => {
      const { signal } = options;
      const finish = (): void => {
        this.#running.delete(fail);
        timer.cancel();
        signal?.removeEventListener("abort", onAbort);
      };
      const fail = (error: DriverError): void => {
        finish();
        reject(this.#failed(error, options));
      };
      const abandon = (code: Abandon): void => {
        finish();
        this.observer?.abandoned(code);
        this.destroy();
        reject(abandoned(code, options));
      };
      const onAbort = (): void => abandon("DB_ABORTED");
      const timer = this.#clock.after(options.deadlineMs, () => abandon("DB_STATEMENT_TIMEOUT"));
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#running.add(fail);
      start((error, result) => {
        if (error) return fail(error);
        finish();
        resolve(result as RawResult);
      });
    });
  }

  #failed(error: DriverError, options: StatementOptions): DbError {
    const failure = statementError(error, options);
    if (failure.code === "DB_READ_ONLY") this.observer?.readOnly();
    if (error.fatal === true || failure.code === "DB_CONNECTION_LOST" || failure.code === "DB_PROTOCOL")
      this.destroy();
    return failure;
  }

  #lose(): void {
    if (!this.#isUsable) return;
    this.#isUsable = false;
    this.socket.destroy();
    // The driver tells nothing to statements of a connection that was closed on this side.
    const error = Object.assign(new Error("the connection was closed"), { code: "PROTOCOL_CONNECTION_LOST" });
    for (const fail of this.#running) fail(error);
    this.observer?.lost();
  }
}

/** Returns the TLS socket under a connection whose handshake is done. */
export function socketOf(connection: Connection): TLSSocket {
  return (connection as unknown as { stream: TLSSocket }).stream;
}

/** Returns the error for a session that was lost before anything was sent on it. */
function lostBefore(): DbError {
  return new DbError("DB_CONNECTION_LOST", "the connection was lost before the statement was sent", {
    retryable: true,
  });
}

function abortedBefore(): DbError {
  return new DbError("DB_ABORTED", "the caller gave up before the statement was sent");
}

function abandoned(code: Abandon, options: StatementOptions): DbError {
  const message =
    code === "DB_ABORTED"
      ? "the statement was given up by its caller; its connection is closed"
      : `the statement ran longer than ${options.deadlineMs} ms; its connection is closed`;
  return new DbError(code, message, { retryable: code === "DB_STATEMENT_TIMEOUT" && options.repeatable });
}
