import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { inspect } from "node:util";
import type { ServerKind } from "@sealed/servers";
import { type Rig, startRig } from "../rig.ts";
import { certificatesSuite } from "./certificates-suite.ts";
import { credentialsSuite } from "./credentials-suite.ts";
import { exhaustionSuite } from "./exhaustion-suite.ts";
import { failoverSuite } from "./failover-suite.ts";
import { givingUpSuite } from "./giving-up-suite.ts";
import { networkSuite } from "./network-suite.ts";
import { serverRestartSuite } from "./server-restart-suite.ts";
import { shutdownSuite } from "./shutdown-suite.ts";
import { transactionsSuite } from "./transactions-suite.ts";

/** Declares everything that goes wrong on purpose, grouped by what it is, against one server. */
export function faultSuites(kind: ServerKind): void {
  describe(`faults of ${kind}`, () => {
    let rig: Rig;
    before(async () => {
      rig = await startRig(kind);
    });
    after(() => rig[Symbol.asyncDispose]());

    for (const suite of [
      credentialsSuite,
      networkSuite,
      givingUpSuite,
      transactionsSuite,
      exhaustionSuite,
      failoverSuite,
      certificatesSuite,
      shutdownSuite,
      serverRestartSuite,
    ]) {
      suite(() => rig);
    }

    test("after all this no event holds a token or a key", () => {
      const shown = inspect(rig.events, { depth: 20, maxArrayLength: null });

      assert.ok(rig.events.length > 100);
      assert.doesNotMatch(shown, /X-Amz|Signature/);
      assert.ok(!shown.includes(rig.server.credentials.secretAccessKey));
    });
  });
}
