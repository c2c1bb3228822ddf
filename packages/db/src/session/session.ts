import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import type { DbErrorCode } from "../errors.ts";
import type { Sql, SqlValue } from "../sql.ts";

/** What a statement may take and what is known of it. */
export interface StatementOptions {
  /** Milliseconds until its socket is destroyed. */
  deadlineMs: number;
  signal?: AbortSignal | undefined;
  /** True when running it twice does no harm. */
  repeatable: boolean;
  /** True when the server's error text may quote a secret. */
  hideDetail?: boolean;
}

/** What the server says about a statement that returns no rows. */
export interface WriteResult {
  /** Rows matched, also those that already held the new values. */
  affectedRows: number;
  /** Value of the AUTO_INCREMENT column of the first new row; 0 without one. A string above 2^53. */
  insertId: number | string;
}

/** Rows, or the counts of a write. */
export type RawResult = Record<string, unknown>[] | WriteResult;

/** Who hears what happens to a session. */
export interface SessionObserver {
  /** The session can no longer be used; called once, whatever the cause. */
  lost(): void;
  /** The server answered that it does not take writes. */
  readOnly(): void;
  /** A statement was given up while the server may still be running it. */
  abandoned(code: DbErrorCode): void;
}

/** One authenticated connection over verified TLS. Runs one statement after the other. */
export interface Session {
  /** Number of the connection on the server. */
  readonly threadId: number;
  /** Address it is connected to. */
  readonly address: string;
  readonly socket: TLSSocket;
  /** Certificate of the server. */
  readonly peer: X509Certificate;
  /** Reading of `Clock.elapsedMs` at which it was opened. */
  readonly openedAtMs: number;
  /** Wall-clock epoch milliseconds at which the token it logged in with was made. */
  readonly credentialIssuedAtMs: number | undefined;
  readonly isUsable: boolean;
  /** True while a statement runs on it. */
  readonly isBusy: boolean;
  observer: SessionObserver | undefined;
  /** Runs a prepared statement. */
  execute(statement: Sql, options: StatementOptions): Promise<RawResult>;
  /** Runs text through the text protocol; values are escaped into it by the driver. */
  command(text: string, values: readonly SqlValue[], options: StatementOptions): Promise<RawResult>;
  ping(deadlineMs: number): Promise<void>;
  /** Says goodbye to the server and closes; destroys the socket when that takes longer than `withinMs`. */
  quit(withinMs: number): Promise<void>;
  /** Closes at once, without a word to the server. */
  destroy(): void;
}
