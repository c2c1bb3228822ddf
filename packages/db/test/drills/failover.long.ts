import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { createDatabase, type Database, type DbEvent } from "../../src/index.ts";
import { databaseOptions, type Rig, startRig } from "../rig.ts";
import { drill } from "./drill.ts";
import { greeted } from "./recovery.ts";
import { startTwoHosts, type TwoHosts } from "./two-hosts.ts";

/** The bounds of the app but for this one: a statement on a host that went silent ends within a drill. */
const LIMITS = { statementMs: 2_000 };
/** Longer than a statement may take, as failing over is: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZSingleStandby.html */
const SILENT_MS = 3_500;
const READ_ONLY_MS = 1_500;

for (const kind of ["mysql", "mariadb"] as const) {
  describe(`${kind} that dies under load: no write twice, none acknowledged and lost`, () => {
    test("when it is killed and started again", async (t) => {
      await using rig: Rig = await startRig(kind);
      const database = rig.open({ limits: LIMITS });
      const outage = async (): Promise<number> => {
        await rig.server.kill();
        const [, answeredAtMs] = await Promise.all([
          rig.server.restart(),
          greeted("127.0.0.1", rig.server.port),
        ]);
        return answeredAtMs;
      };

      await drill(t, { database, server: () => rig.server, times: 10, outage });
    });

    describe("and another host takes its name and storage", () => {
      let hosts: TwoHosts;
      let database: Database;
      const events: DbEvent[] = [];
      before(async () => {
        hosts = await startTwoHosts(kind);
        database = createDatabase({
          ...databaseOptions(hosts.server, events),
          endpoint: { host: "localhost", port: hosts.port },
          lookup: hosts.resolver.lookup,
          limits: LIMITS,
        });
      });
      after(async () => {
        await database.close({ within: 0 });
        await hosts[Symbol.asyncDispose]();
      });
      const isBack = () => greeted(hosts.active.host, hosts.port);

      test("when the first one refuses, whether the name moves before the other is up or after", async (t) => {
        let round = 0;
        const outage = async (): Promise<number> => {
          const { active, standby } = hosts;
          active.refuse();
          if (round % 2 === 0) hosts.flip();
          const moved = hosts.moveStorageTo(standby);
          if (round++ % 2 === 0) return await isBack();
          await moved;
          hosts.flip();
          return await isBack();
        };

        await drill(t, { database, server: () => hosts.server, times: 10, outage });
      });

      test("when the first one falls silent and never ends a connection", async (t) => {
        let round = 0;
        const outage = async (): Promise<number> => {
          const { active, standby } = hosts;
          // Every other time the server hears everything, and only its answers are lost.
          active.blackHole(round++ % 2 === 0 ? "toClient" : undefined);
          await delay(SILENT_MS);
          await hosts.moveStorageTo(standby);
          hosts.flip();
          return await isBack();
        };

        await drill(t, { database, server: () => hosts.server, times: 6, outage });
      });

      test("when the other one takes no writes for a while", async (t) => {
        const outage = async (): Promise<number> => {
          const { active, standby } = hosts;
          active.refuse();
          await hosts.moveStorageTo(standby, ["--read-only=ON"]);
          hosts.flip();
          await delay(READ_ONLY_MS);
          await hosts.server.adminQuery("SET GLOBAL read_only = OFF");
          return performance.now();
        };

        await drill(t, { database, server: () => hosts.server, times: 4, outage });
      });
    });
  });
}
