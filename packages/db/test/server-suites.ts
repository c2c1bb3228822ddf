import { after, before, describe } from "node:test";
import type { ServerKind } from "@sealed/servers";
import { databaseSuite } from "./database-suite.ts";
import { migrationsSuite } from "./migrations-suite.ts";
import { type Rig, startRig } from "./rig.ts";
import { statementsSuite } from "./statements-suite.ts";
import { transactionsSuite } from "./transactions-suite.ts";
import { usersSuite } from "./users-suite.ts";

/** Declares everything that runs against one server that stays up, so that it is started once. */
export function serverSuites(kind: ServerKind): void {
  describe(kind, () => {
    let rig: Rig;
    before(async () => {
      rig = await startRig(kind);
    });
    after(() => rig[Symbol.asyncDispose]());

    databaseSuite(kind, () => rig);
    statementsSuite(kind, () => rig);
    transactionsSuite(kind, () => rig);
    usersSuite(kind, () => rig);
    migrationsSuite(kind, () => rig);
  });
}
