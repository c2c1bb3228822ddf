import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { type PrivateCa, privateCa } from "@sealed/servers";
import { type Database, DbError, privateTrust, sql } from "../../src/index.ts";
import { type Rig, startRig } from "../rig.ts";
import { steadyLoad } from "./steady-load.ts";

const SWAPS = 10;
const BETWEEN_SWAPS_MS = 1_500;
/** Connections live for about a second, so that each certificate sees a dozen logins. */
const CHURN = { maxAgeMs: 1_000, dialsPerSecond: 100 };

for (const kind of ["mysql", "mariadb"] as const) {
  describe(`${kind} that changes its CA under load`, () => {
    let rig: Rig;
    let folder: string;
    let next: PrivateCa;
    before(async () => {
      rig = await startRig(kind);
      folder = await mkdtemp(join(tmpdir(), "sealed-next-ca-"));
      next = await privateCa({ dir: folder, name: "next CA" });
    });
    after(async () => {
      await rig[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    });

    const loaded = async (database: Database, meanwhile: () => Promise<void>): Promise<unknown[]> => {
      const failures: unknown[] = [];
      const stop = new AbortController();
      const work = () => database.query(sql`SELECT 1`).catch((error: unknown) => failures.push(error));
      const load = steadyLoad({ lanes: 8, pauseMs: 5, until: stop.signal, work });
      await meanwhile();
      stop.abort();
      await load;
      return failures;
    };

    test("loses no query when both roots are loaded first, and verifies new connections by the new root", async (t) => {
      const trust = privateTrust({ pem: readFileSync(rig.server.caFile, "utf8") });
      const database = rig.open({ trust, limits: CHURN });
      await database.ready();

      const failures = await loaded(database, async () => {
        trust.reload(`${rig.ca.certificatePem}\n${next.certificatePem}`);
        for (let swap = 1; swap <= SWAPS; swap++) {
          await rig.server.replaceCertificate(swap % 2 === 1 ? next : rig.ca);
          await delay(BETWEEN_SWAPS_MS);
        }
        await rig.server.replaceCertificate(next);
        trust.reload(next.certificatePem);
        await delay(BETWEEN_SWAPS_MS);
      });

      const { opened } = database.stats();
      t.diagnostic(`${kind}: ${SWAPS + 1} changes of the CA, ${opened} logins, ${failures.length} failed`);
      assert.deepEqual(failures, []);
      assert.ok(opened > SWAPS, `${opened} logins`);
      assert.match((await database.observe()).peer.issuer, /next CA/);
    });

    test("lets open connections go on without the new root, and no new one in, not even with a kept TLS session", async () => {
      await rig.server.replaceCertificate(rig.ca);
      const trust = privateTrust({ pem: rig.ca.certificatePem });
      const database = rig.open({ trust });
      // Two logins: the second one's TLS session is kept for the third.
      for (let login = 0; login < 2; login++) {
        await using another = rig.open({ trust });
        await another.ready();
      }
      await database.ready();

      const failures = await loaded(database, async () => {
        await rig.server.replaceCertificate(next);
        const refused = await rig
          .open({ trust, limits: { acquireMs: 5_000 } })
          .ready()
          .catch((error: unknown) => error);
        assert.ok(refused instanceof DbError);
        assert.equal(refused.code, "DB_UNTRUSTED_CERTIFICATE");
        await delay(BETWEEN_SWAPS_MS);
      });

      assert.deepEqual(failures, []);
    });
  });
}
