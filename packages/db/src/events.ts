import type { DbErrorCode } from "./errors.ts";

/** Why a connection was given up. */
export type CloseReason =
  | "abandoned"
  | "address-changed"
  | "aged"
  | "idle"
  | "lost"
  | "ping-failed"
  | "read-only"
  | "shutdown";

/** What happens inside a `Database`. No event ever holds a token, a password, or a statement's values. */
export type DbEvent =
  | {
      type: "connection.opened";
      threadId: number;
      address: string;
      protocol: string | null;
      resumed: boolean;
      tookMs: number;
    }
  | { type: "connection.closed"; threadId: number; reason: CloseReason }
  | { type: "connection.failed"; code: DbErrorCode; message: string; attempt: number; retryInMs: number }
  | { type: "credential.issued"; kind: "token" | "password"; fingerprint: string; lifeMs: number | null }
  | { type: "credential.refresh_failed"; message: string; keptOld: boolean; retryInMs: number }
  | { type: "credential.rejected"; fingerprint: string }
  | { type: "credential.short_lived"; lifeMs: number }
  | { type: "endpoint.unusual"; host: string }
  | { type: "trust.expires_soon"; subject: string; daysLeft: number }
  | { type: "statement.abandoned"; threadId: number; code: DbErrorCode; killed: boolean }
  | { type: "transaction.commit_unknown"; threadId: number };

/** Receives events; what it throws ends the process as an uncaught exception, never the pool's own work. */
export type EventSink = (event: DbEvent) => void;

/** Returns a sink that keeps a listener's exception away from the code that reports the event. */
export function guardedSink(listener: EventSink | undefined): EventSink {
  if (listener === undefined) return () => undefined;
  return (event) => {
    try {
      listener(event);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  };
}
