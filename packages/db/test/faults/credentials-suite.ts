import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { misbehaving, SettableClock, until } from "@sealed/faults";
import type { Auth, AwsIdentity, Database, DatabaseOptions, SecretStage } from "../../src/index.ts";
import { Credential, DbError, iamAuth, secretAuth, sql } from "../../src/index.ts";
import type { Rig } from "../rig.ts";
import { rejection, rejections } from "./rejection.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Nothing is replaced, closed or looked at because time has passed. */
const NO_UPKEEP = { maxIdleMs: DAY_MS, maxAgeMs: DAY_MS, pingAfterIdleMs: DAY_MS };

/** Declares the tests of credentials that are refused, late, missing or wrong. */
export function credentialsSuite(shared: () => Rig): void {
  describe("credentials", () => {
    let rig: Rig;
    before(() => {
      rig = shared();
    });
    const issued = (): number => rig.events.filter(({ type }) => type === "credential.issued").length;
    const iam = (changes: Partial<Parameters<typeof iamAuth>[0]> = {}): Auth =>
      iamAuth({ region: rig.server.region, credentials: rig.server.credentials, ...changes });
    const twoAtOnce = (database: Database) =>
      Promise.all([database.query(sql`SELECT SLEEP(0.1)`), database.query(sql`SELECT SLEEP(0.1)`)]);

    test("a connection outlives its token, and the next one gets a new token", async () => {
      const clock = new SettableClock();
      const before = issued();
      await using database = rig.open({ clock, limits: NO_UPKEEP, auth: iam({ clock }) });
      await database.ready();
      const [row] = await database.query(sql`SELECT CONNECTION_ID() AS id`);

      clock.skip(16 * MINUTE_MS);

      assert.deepEqual(await database.query(sql`SELECT CONNECTION_ID() AS id`), [row]);
      assert.ok(((await database.observe()).tokenAgeMs ?? 0) >= 16 * MINUTE_MS);
      assert.equal(issued() - before, 1);
      await twoAtOnce(database);
      assert.equal(database.stats().opened, 2);
      assert.equal(issued() - before, 2);
    });

    test("a user who is struck off keeps open connections, and a new login says what to check", async () => {
      await using database = rig.open();
      await database.ready();
      await rig.letIn(["somebody-else"]);
      const before = issued();

      assert.deepEqual(await database.query(sql`SELECT 1 AS one`), [{ one: 1 }]);
      await using late = rig.open();
      await assert.rejects(late.ready(), { code: "DB_ACCESS_DENIED", message: /rds-db:connect/ });
      // One for the login, none after its refusal: a token made a moment ago would be refused again.
      assert.equal(issued() - before, 1);
      await rig.letIn();
      await late.ready({ signal: AbortSignal.timeout(30_000) });
    });

    test("a kept token that is refused is signed anew, once, and the login repeated", async () => {
      const auth = iam();
      await using first = rig.open({ auth });
      await first.ready();
      const before = issued();
      await rig.letIn(["somebody-else"]);
      await using second = rig.open({ auth });

      await assert.rejects(second.ready(), { code: "DB_ACCESS_DENIED" });
      await rig.letIn();

      assert.equal(issued() - before, 1);
      assert.ok(rig.events.some(({ type }) => type === "credential.rejected"));
    });

    test("fifty callers of a user who is struck off are all told, after a handful of logins", async () => {
      await using proxy = await rig.proxy();
      // The longest waits between logins, so that those of the fifty are counted and no later ones.
      const random = () => 0.999;
      await using database = rig.open({
        endpoint: { host: "localhost", port: proxy.port },
        limits: { minWarm: 0 },
        random,
      });
      await database.ready();
      await rig.letIn(["somebody-else"]);
      const before = { issued: issued(), accepted: proxy.accepted };

      proxy.hangUp();
      await until(() => database.stats().open === 0);
      const codes = await rejections(Array.from({ length: 50 }, () => database.query(sql`SELECT 1`)));
      const logins = proxy.accepted - before.accepted;
      const signatures = issued() - before.issued;
      await rig.letIn();

      assert.deepEqual([...new Set(codes)], ["DB_ACCESS_DENIED"]);
      // Four logins at once, each once more with a new token.
      assert.ok(logins <= 8, `${logins} logins`);
      assert.ok(signatures <= 4, `${signatures} signatures`);
    });

    test("a token of more than 4 KB arrives as it was signed", async () => {
      const { port, region, writeKeyring } = rig.server;
      const credentials = { ...rig.server.credentials, sessionToken: "t".repeat(5_000) };
      await writeKeyring([{ ...credentials, region, endpoint: `localhost:${port}`, users: ["app"] }]);
      await using database = rig.open({ auth: iam({ credentials }) });

      // The server checks the signature over all of it.
      await database.ready();
      await rig.letIn();
    });

    test("while the source of the keys hangs a new connection logs in with the token at hand", async () => {
      const clock = new SettableClock();
      const { source, credentials } = keys();
      await using database = rig.open({ clock, limits: NO_UPKEEP, auth: iam({ clock, credentials }) });
      await database.ready();
      const before = issued();

      source.make("read", { hang: true });
      // The token is due for renewal.
      clock.skip(13.5 * MINUTE_MS);
      await database.transaction(() => database.ready());

      assert.equal(database.stats().opened, 2);
      assert.equal(issued() - before, 0);
      source.heal();
      await until(() => issued() > before);
    });

    test("with keys that hang from the start callers are told at their deadline, and nothing is connected", async () => {
      const { source, credentials } = keys();
      source.make("read", { hang: true });
      await using proxy = await rig.proxy();
      await using database = rig.open({
        endpoint: { host: "localhost", port: proxy.port },
        auth: iam({ credentials }),
        limits: { acquireMs: 200, connectMs: 400 },
      });

      const codes = await rejections([1, 2, 3].map((n) => database.query(sql`SELECT ${n}`)));

      assert.deepEqual([...new Set(codes)], ["DB_CREDENTIALS_UNAVAILABLE"]);
      assert.equal(proxy.accepted, 0);
      source.heal();
      assert.deepEqual(await database.query(sql`SELECT 1 AS one`, { acquireMs: 20_000 }), [{ one: 1 }]);
    });

    for (const [what, failure, code] of [
      ["fails", new DbError("DB_CREDENTIALS_UNAVAILABLE", "as told"), "DB_CREDENTIALS_UNAVAILABLE"],
      ["fails with an error of its own", new TypeError("as told"), "DB_CREDENTIALS_UNAVAILABLE"],
    ] as const) {
      test(`an Auth that ${what} five times is asked again after a wait, and no more often than that`, async () => {
        const auth = misbehaving(iam());
        auth.make("credential", { fail: failure }, 5);
        await using database = rig.open({ auth: auth.subject, random: () => 0.1 });

        const error = await rejection(database.ready());
        await until(() => database.stats().open > 0);

        assert.deepEqual([error.code, error.retryable], [code, true]);
        assert.equal(auth.calls("credential"), 6);
      });
    }

    test("a token that is no token is refused, dropped and replaced, and the caller sees nothing", async () => {
      const auth = misbehaving(iam());
      const wrong = new Credential({ kind: "token", secret: "no token at all", issuedAtMs: 0 });
      auth.make("credential", { lie: () => wrong }, 1);
      await using database = rig.open({ auth: auth.subject });

      await database.ready();

      assert.deepEqual([auth.calls("credential"), auth.calls("invalidate")], [2, 1]);
      assert.equal(database.stats().failed, 0);
    });

    test("a password that changes seconds before its label is found with at most five reads", async () => {
      const clock = new SettableClock();
      const passwords: Record<SecretStage, string> = {
        AWSCURRENT: "first-Password-1",
        AWSPREVIOUS: "older-Password-0",
      };
      let reads = 0;
      const read = async (_id: string, stage: SecretStage): Promise<string> => {
        reads += 1;
        return JSON.stringify({ username: "rotated", password: passwords[stage] });
      };
      const identify = (statement: string) => rig.server.adminQuery(`${statement} REQUIRE SSL`);
      await identify("CREATE USER rotated IDENTIFIED BY 'first-Password-1'");
      await rig.server.adminQuery("GRANT SELECT ON notes.* TO rotated");
      const options: Partial<DatabaseOptions> = { user: "rotated", clock, random: () => 0.01 };
      await using proxy = await rig.proxy();
      await using database = rig.open({
        ...options,
        endpoint: { host: "localhost", port: proxy.port },
        limits: { ...NO_UPKEEP, minWarm: 0 },
        auth: secretAuth({ secretId: "made-up", read, clock, random: () => 0.5 }),
      });
      await database.ready();
      reads = 0;

      await identify("ALTER USER rotated IDENTIFIED BY 'second-Password-2'");
      proxy.hangUp();
      await until(() => database.stats().open === 0);
      for (let quarters = 0; ; quarters++) {
        if (quarters === 20) passwords.AWSCURRENT = "second-Password-2";
        const outcome = await database.ready().then(
          () => "served",
          (error: DbError) => error.code,
        );
        if (outcome === "served") break;
        assert.ok(["DB_ACCESS_DENIED", "DB_CREDENTIALS_UNAVAILABLE"].includes(outcome), outcome);
        assert.ok(quarters < 40, "not found within 10 s");
        clock.skip(250);
      }

      assert.ok(reads <= 5, `${reads} reads`);
      await rig.server.adminQuery("DROP USER rotated");
    });

    /** Keys that do not expire: their source is asked at each login. */
    function keys() {
      const source = misbehaving({
        read: (): Promise<AwsIdentity> => Promise.resolve(rig.server.credentials),
      });
      return { source, credentials: () => source.subject.read() };
    }
  });
}
