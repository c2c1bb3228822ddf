import type { Clock } from "./clock.ts";
import type { DbEvent } from "./events.ts";
import type { PoolCounts } from "./pool/pool-options.ts";

/** State and history of a `Database`. */
export interface DbStats extends PoolCounts {
  /** Connections opened since the start. */
  opened: number;
  /** Logins that failed since the start. */
  failed: number;
  /** Part of the opened connections whose TLS session was resumed, 0 to 1; null before the first. */
  resumedRatio: number | null;
  /** TLS version of the connection opened last. */
  tlsVersion: string | null;
  /** Age of the newest token or password that was fetched; null before the first. */
  tokenAgeMs: number | null;
  /** Tokens signed, or passwords read, since the start. */
  credentialsIssued: number;
  /** Statements that were given up while they ran. */
  abandoned: number;
}

/** Counts events and reports the counts. */
export interface Statistics {
  count(event: DbEvent): void;
  report(counts: PoolCounts): DbStats;
}

/** Returns counters at zero. */
export function statistics(clock: Clock): Statistics {
  let opened = 0;
  let resumed = 0;
  let failed = 0;
  let abandoned = 0;
  let credentialsIssued = 0;
  let tlsVersion: string | null = null;
  let issuedAtMs: number | undefined;
  return {
    count(event) {
      switch (event.type) {
        case "connection.opened":
          opened += 1;
          resumed += event.resumed ? 1 : 0;
          tlsVersion = event.protocol;
          break;
        case "connection.failed":
          failed += 1;
          break;
        case "credential.issued":
          credentialsIssued += 1;
          issuedAtMs = clock.elapsedMs();
          break;
        case "statement.abandoned":
          abandoned += 1;
          break;
        default:
      }
    },
    report: (counts) => ({
      ...counts,
      opened,
      failed,
      resumedRatio: opened === 0 ? null : resumed / opened,
      tlsVersion,
      tokenAgeMs: issuedAtMs === undefined ? null : clock.elapsedMs() - issuedAtMs,
      credentialsIssued,
      abandoned,
    }),
  };
}
