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
      await using database = rig.open({ trust, limits: { connections: 2 } });
      const [open] = await database.query(sql`SELECT CONNECTION_ID() AS id`);

      await rig.server.replaceCertificate(next);
      const hold = await held(database);
      const waiting = database.query(sql`SELECT 1 AS one`);
      const failure = await firstFailure(database);
      assert.equal(failure.code, "DB_UNTRUSTED_CERTIFICATE");
      assert.match(failure.message, /next CA/);
      trust.reload(`${present()}\n${next.certificatePem}`);

      assert.deepEqual(await waiting, [{ one: 1 }]);
      assert.deepEqual(await hold.end(), [open]);
      assert.equal(database.stats().opened, 2);
    });

    test("a root that is taken away counts at once: no session that it vouched for is continued", async () => {
      await rig.server.replaceCertificate(rig.ca);
      const trust = privateTrust({ pem: present() });
      await using database = rig.open({ trust, limits: { connections: 3 } });
      await database.ready();
      const holds = [await held(database), await held(database)];
      assert.equal(database.stats().resumedRatio, 0.5);

      trust.reload(next.certificatePem);
      const waiting = database.query(sql`SELECT 1 AS one`);
      const failure = await firstFailure(database);
      trust.reload(present());

      assert.equal(failure.code, "DB_UNTRUSTED_CERTIFICATE");
      assert.deepEqual(await waiting, [{ one: 1 }]);
      await Promise.all(holds.map((hold) => hold.end()));
    });

    /** Keeps a connection for itself until it is told to end, and then says which it was. */
    async function held(database: Database): Promise<{ end(): Promise<unknown> }> {
      const begun = Promise.withResolvers<void>();
      const mayEnd = Promise.withResolvers<void>();
      const transaction = database.transaction(async (tx) => {
        begun.resolve();
        await mayEnd.promise;
        return await tx.query(sql`SELECT CONNECTION_ID() AS id`);
      });
      await begun.promise;
      return {
        end() {
          mayEnd.resolve();
          return transaction;
        },
      };
    }

    /** Waits for the first login of `database` that fails. */
    async function firstFailure(database: Database) {
      const before = rig.events.length;
      assert.equal(database.stats().failed, 0);
      await until(() => database.stats().failed > 0);
      const failure = rig.events.slice(before).find((event) => event.type === "connection.failed");
      assert.ok(failure !== undefined);
      return failure;
    }

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
