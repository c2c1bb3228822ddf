import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { SettableClock, until } from "@sealed/faults";
import { type PrivateCa, privateCa } from "@sealed/servers";
import { type Database, type DbEvent, privateTrust, sql } from "../../src/index.ts";
import type { Rig } from "../rig.ts";
import { rejection } from "./rejection.ts";

/** Waits that begin while they are stopped, and are longer than this, never end. */
const LONG_WAIT_MS = 300;

/** A clock on which long waits can be stopped, so that something else must have ended one. */
class StoppableClock extends SettableClock {
  isStopped = false;

  override after(delayMs: number, work: () => void): { cancel(): void } {
    return this.isStopped && delayMs > LONG_WAIT_MS
      ? { cancel: () => undefined }
      : super.after(delayMs, work);
  }
}

function isLongWait(event: DbEvent): boolean {
  return (
    event.type === "connection.failed" &&
    event.code === "DB_UNTRUSTED_CERTIFICATE" &&
    event.retryInMs > LONG_WAIT_MS
  );
}

/** Declares the tests of a server whose certificate changes; those of a wrong one are in impostor.test.ts. */
export function certificatesSuite(shared: () => Rig): void {
  describe("certificates", () => {
    let rig: Rig;
    let folder: string;
    let next: PrivateCa;
    before(async () => {
      rig = shared();
      folder = await mkdtemp(join(tmpdir(), "sealed-next-ca-"));
      next = await privateCa({ dir: folder, name: "next CA" });
    });
    after(async () => {
      await rig.server.replaceCertificate(rig.ca);
      await rm(folder, { recursive: true });
    });
    const present = (): string => readFileSync(rig.server.caFile, "utf8");
    const twoAtOnce = (database: Database) =>
      Promise.all([database.query(sql`SELECT SLEEP(0.1)`), database.query(sql`SELECT SLEEP(0.1)`)]);

    test("a certificate of a new CA under load, its root added before, fails no statement", async () => {
      const trust = privateTrust({ pem: present() });
      await using database = rig.open({
        trust,
        limits: { maxAgeMs: 150, housekeepingMs: 30, connections: 4 },
      });
      const { peer } = await database.observe();
      const stop = new AbortController();
      const lanes = [1, 2, 3].map(async () => {
        while (!stop.signal.aborted) await database.query(sql`SELECT 1`);
      });
      const mayEnd = Promise.withResolvers<void>();
      const transaction = database.transaction(async (tx) => {
        const [first] = await tx.query(sql`SELECT CONNECTION_ID() AS id`);
        await mayEnd.promise;
        return [first, (await tx.query(sql`SELECT CONNECTION_ID() AS id`))[0]];
      });

      trust.reload(`${present()}\n${next.certificatePem}`);
      await rig.server.replaceCertificate(next);
      let seen = await database.observe();
      await until(async () => {
        seen = await database.observe();
        return seen.peer.fingerprint256 !== peer.fingerprint256;
      });
      mayEnd.resolve();
      const [first, last] = await transaction;
      stop.abort();

      await Promise.all(lanes);
      assert.deepEqual(last, first);
      assert.equal(seen.authorized, true);
      assert.match(seen.peer.issuer, /next CA/);
    });

    test("a certificate of an unknown CA ends no open connection, and no new one slips in on an old session", async () => {
      await rig.server.replaceCertificate(rig.ca);
      const trust = privateTrust({ pem: present() });
      await using database = rig.open({ trust, limits: { connections: 2, acquireMs: 500 } });
      await database.ready();
      const [open] = await database.query(sql`SELECT CONNECTION_ID() AS id`);

      await rig.server.replaceCertificate(next);
      const outcomes = await Promise.allSettled([
        database.query(sql`SELECT SLEEP(1)`),
        database.query(sql`SELECT 1`),
      ]);

      const [served, refused] = outcomes;
      assert.equal(served.status, "fulfilled");
      assert.equal(refused.status, "rejected");
      assert.equal(refused.reason.code, "DB_UNTRUSTED_CERTIFICATE");
      assert.match(refused.reason.message, /next CA/);
      assert.deepEqual(await database.query(sql`SELECT CONNECTION_ID() AS id`), [open]);

      trust.reload(`${present()}\n${next.certificatePem}`);
      await twoAtOnce(database);
      assert.equal(database.stats().open, 2);
    });

    test("a root that is taken away counts at once: no session that it vouched for is continued", async () => {
      await rig.server.replaceCertificate(rig.ca);
      const trust = privateTrust({ pem: present() });
      await using database = rig.open({ trust, limits: { connections: 3, acquireMs: 500 } });
      await database.ready();
      await twoAtOnce(database);
      assert.equal(database.stats().resumedRatio, 0.5);

      trust.reload(next.certificatePem);
      const works = [1, 2, 3].map(() => database.query(sql`SELECT SLEEP(1)`));
      const outcomes = await Promise.allSettled(works);

      const refused = outcomes.filter((outcome) => outcome.status === "rejected");
      assert.deepEqual(
        refused.map(({ reason }) => reason.code),
        ["DB_UNTRUSTED_CERTIFICATE"],
      );
    });

    test("a server that comes back under another CA is refused until the roots are reloaded, without a new pool", async () => {
      await rig.server.replaceCertificate(rig.ca);
      const trust = privateTrust({ pem: present() });
      const clock = new StoppableClock();
      await using database = rig.open({ trust, clock, random: () => 0.999 });
      await database.ready();

      // Killed first, since an orderly stop takes seconds.
      await rig.server.kill();
      await rig.server.restart({ certificate: await next.issue() });
      const error = await rejection(database.query(sql`SELECT 1`));
      const before = rig.events.length;
      clock.isStopped = true;
      await until(() => rig.events.slice(before).some(isLongWait) && database.stats().dialing === 0);
      trust.reload(`${present()}\n${next.certificatePem}`);

      assert.equal(error.code, "DB_UNTRUSTED_CERTIFICATE");
      const signal = AbortSignal.timeout(20_000);
      assert.deepEqual(await database.query(sql`SELECT 1 AS one`, { signal }), [{ one: 1 }]);
      assert.equal((await database.observe()).authorized, true);
    });
  });
}
