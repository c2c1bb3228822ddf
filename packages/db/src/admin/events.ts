import type { DbEvent } from "../events.ts";

/** What preparing a database does. No event holds a password, a token or a statement's values. */
export type AdminEvent =
  | DbEvent
  | { type: "lock.waiting"; purpose: LockPurpose }
  | { type: "users.changed"; change: string }
  | { type: "migration.applied"; name: string; tookMs: number }
  | { type: "migration.unknown"; name: string };

/** What only one program at a time does on one schema. */
export type LockPurpose = "users" | "migrations";

/** Receives the events of preparing a database. */
export type AdminSink = (event: AdminEvent) => void;
