import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { type Database, DbError, type DbEvent, iamAuth, sql } from "../../src/index.ts";
import { type Rig, startRig } from "../rig.ts";
import { shortenTokens } from "./short-tokens.ts";
import { steadyLoad } from "./steady-load.ts";

const TOKEN_LIFE_MS = 6_000;
const LOAD_MS = 60_000;
/** Connections live for about 2 s, so that one is replaced every 200 ms and each token serves some 20 logins. */
const CHURN = { maxAgeMs: 2_000, dialsPerSecond: 100 };

shortenTokens(TOKEN_LIFE_MS);

describe("tokens that live for six seconds, by the server's clock too", { concurrency: true }, () => {
  for (const kind of ["mysql", "mariadb"] as const) {
    describe(kind, { concurrency: true }, () => {
      let rig: Rig;
      before(async () => {
        rig = await startRig(kind);
      });
      after(() => rig[Symbol.asyncDispose]());

      const auth = (tokenLifeMs: number) =>
        iamAuth({ region: rig.server.region, credentials: rig.server.credentials, tokenLifeMs });
      const loaded = async (database: Database): Promise<unknown[]> => {
        const failures: unknown[] = [];
        await database.ready();
        await steadyLoad({
          lanes: 12,
          pauseMs: 10,
          until: AbortSignal.timeout(LOAD_MS),
          work: () => database.query(sql`SELECT 1`).catch((error: unknown) => failures.push(error)),
        });
        return failures;
      };

      test("connections that come and go for a minute never see one end, and one signature serves each life", async (t) => {
        const events: DbEvent[] = [];
        const database = rig.open({
          auth: auth(TOKEN_LIFE_MS),
          limits: CHURN,
          on: (event) => events.push(event),
        });

        const failures = await loaded(database);

        const { opened, credentialsIssued } = database.stats();
        const rejected = events.filter(({ type }) => type === "credential.rejected").length;
        t.diagnostic(
          `${kind}: ${opened} logins, ${credentialsIssued} signatures, ${rejected} tokens refused in 60 s`,
        );
        assert.deepEqual(failures, []);
        assert.ok(opened > 100, `${opened} logins`);
        // Renewed ahead, and not after each refusal; one that a stalled machine held back for seconds may end.
        assert.ok(rejected <= 2, `${rejected} tokens refused`);
        // Renewal comes at 4.2 s or the next login after it: 60 s hold about 13 lives.
        assert.ok(credentialsIssued >= 8 && credentialsIssued <= 16, `${credentialsIssued} signatures`);
      });

      test("connections without an age limit outlive ten tokens and never log in again", async () => {
        const limits = { maxAgeMs: 86_400_000, minWarm: 10 };
        const database = rig.open({ auth: auth(TOKEN_LIFE_MS), limits });
        await database.ready();

        const failures = await loaded(database);

        const { opened, open } = database.stats();
        assert.deepEqual(failures, []);
        assert.deepEqual([opened, open], [10, 10]);
      });

      test("a token that is kept for longer is refused, so the drills above prove something", async () => {
        const keeper = auth(900_000);
        const login = { host: "localhost", port: rig.server.port, user: "app", emit: () => undefined };
        const stale = await keeper.credential(login);

        await delay(TOKEN_LIFE_MS + 1_000);

        const once = { credential: () => Promise.resolve(stale), invalidate: () => undefined };
        const refused = await rig
          .open({ auth: once })
          .ready()
          .catch((error: unknown) => error);
        assert.ok(refused instanceof DbError);
        assert.equal(refused.code, "DB_ACCESS_DENIED");
      });
    });
  }
});
