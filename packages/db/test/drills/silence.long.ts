import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { startFaultProxy, until } from "@sealed/faults";
import type { Database } from "../../src/index.ts";
import { type Rig, startRig } from "../rig.ts";
import { drill } from "./drill.ts";
import { greeted } from "./recovery.ts";

const LIMITS = { statementMs: 2_000, connectMs: 5_000, acquireMs: 2_000 };
/** Longer than all of the limits, so that statements, pings and logins run into their deadlines. */
const SILENT_MS = 8_000;
const FROZEN_MS = 15_000;

/** Files that stay open are waited for until then. */
const TIMEOUT_MS = 180_000;

const openFiles = () => readdirSync("/proc/self/fd").length;

for (const kind of ["mysql", "mariadb"] as const) {
  describe(`${kind} that falls silent under load: no write twice, none acknowledged and lost, no file left open`, () => {
    let rig: Rig;
    before(async () => {
      rig = await startRig(kind);
    });
    after(() => rig[Symbol.asyncDispose]());

    /** Waits until the process has no more files open than before the outage. */
    const backToBaseline = async (baseline: number): Promise<void> => until(() => openFiles() <= baseline);

    test("when it is frozen, and goes on", { timeout: TIMEOUT_MS }, async (t) => {
      const database = rig.open({ limits: LIMITS });
      let baseline = 0;
      const outage = async (): Promise<number> => {
        baseline = Math.max(baseline, openFiles());
        const { open } = database.stats();
        await rig.server.pause();
        await delay(FROZEN_MS);
        // Given up means closed: a frozen peer never answers an orderly end.
        assert.ok(openFiles() <= baseline - open / 2, `${openFiles()} files open, ${baseline} before`);
        rig.server.resume();
        return await greeted("127.0.0.1", rig.server.port);
      };

      await drill(t, { database, server: () => rig.server, times: 1, outage });
      await backToBaseline(baseline);
    });

    test("when nothing of what is sent arrives any more, in both directions or in one", {
      timeout: TIMEOUT_MS,
    }, async (t) => {
      await using proxy = await startFaultProxy({ target: rig.server });
      const { credentials, region, writeKeyring } = rig.server;
      await writeKeyring([{ ...credentials, region, endpoint: `localhost:${proxy.port}`, users: ["app"] }]);
      const database: Database = rig.open({
        endpoint: { host: "localhost", port: proxy.port },
        limits: LIMITS,
      });
      const directions = [undefined, "toServer", "toClient"] as const;
      let round = 0;
      let baseline = 0;
      const outage = async (): Promise<number> => {
        baseline = Math.max(baseline, openFiles());
        proxy.blackHole(directions[round++]);
        await delay(SILENT_MS);
        await proxy.heal();
        return await greeted(proxy.host, proxy.port);
      };

      await drill(t, { database, server: () => rig.server, times: 3, outage });
      await backToBaseline(baseline);
    });
  });
}
