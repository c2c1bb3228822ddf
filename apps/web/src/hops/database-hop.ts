import { explainDatabaseFailure } from "./database-failure.ts";
import {
  certificateProblems,
  describePeer,
  type HopEvidence,
  judgeHop,
  protocolProblems,
} from "./evidence.ts";
import type { DatabaseFailure, HopsInput, ObservedDatabase } from "./observation.ts";
import type { Authentication, Hop, PeerCertificate } from "./report.ts";

/** Judges hop 3, from the app to the database, by a live connection or by what kept the app from one. */
export function observeDatabaseHop({ database, now }: HopsInput): Hop {
  return judgeHop("code" in database ? failedHop(database) : observedHop(database, now));
}

function failedHop({ code }: DatabaseFailure): HopEvidence {
  return {
    ...PLACE,
    protocol: null,
    cipher: null,
    group: null,
    peer: null,
    observedBy: "nobody",
    authentication: {
      checkedBy: "app",
      basis: "unseen",
      explanation:
        "There is no connection to check. The app sends nothing to a database it has not verified.",
    },
    problems: [explainDatabaseFailure(code)],
    notes: [],
    code,
  };
}

function observedHop(database: ObservedDatabase, now: number): HopEvidence {
  const peer = describePeer(database.peer, now);
  return {
    ...PLACE,
    protocol: database.protocol,
    cipher: database.cipher,
    group: database.group,
    peer,
    observedBy: "app",
    authentication: checkOfDatabase(database),
    problems: databaseProblems(database, peer, now),
    notes: database.userRequiresTls
      ? []
      : ["The account itself does not carry REQUIRE SSL: only the server-wide setting stands behind it."],
    user: database.user,
    tokenAgeMs: database.tokenAgeMs,
    requiresSecureTransport: database.requiresSecureTransport,
    userRequiresTls: database.userRequiresTls,
    serverVersion: database.serverVersion,
  };
}

const PLACE = { id: "app-db", from: "app", to: "database" } as const;

function databaseProblems(database: ObservedDatabase, peer: PeerCertificate | null, now: number): string[] {
  const problems = [];
  if (database.protocol === null) {
    problems.push("The connection to the database is not encrypted.");
  } else {
    problems.push(...protocolProblems(database.protocol), ...certificateProblems(peer, "database", now));
    if (!database.authorized) {
      problems.push("The database's certificate was not verified: this could be any server.");
    }
  }
  // REQUIRE SSL guards one account; the promise is that the server refuses plain connections from all of them.
  if (!database.requiresSecureTransport) {
    problems.push("The server also accepts plain connections (require_secure_transport is OFF).");
  }
  return problems;
}

function checkOfDatabase({ authorized, protocol, tokenAgeMs }: ObservedDatabase): Authentication {
  if (!authorized || protocol === null) {
    return {
      checkedBy: "nobody",
      basis: "absent",
      explanation: "Nobody checked the database's certificate.",
    };
  }
  const login = tokenAgeMs === null ? "by its password" : "by its IAM token";
  return {
    checkedBy: "app",
    basis: "observed",
    explanation: `The app checked the database's certificate against the pinned roots and its host name. The database knew the app ${login}.`,
  };
}
