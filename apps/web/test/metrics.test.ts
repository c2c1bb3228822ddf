import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { DbStats } from "@sealed/db";
import { createTlsServer, selfSigned } from "@sealed/tls";
import { createLog } from "../src/log.ts";
import { metricMeanings } from "../src/metric-names.ts";
import { logMetrics, metricsReader } from "../src/metrics.ts";
import { type LogLine, SETTINGS, startApp } from "./app-process.ts";

const DATABASE: DbStats = {
  open: 4,
  idle: 2,
  leased: 1,
  waiting: 3,
  dialing: 1,
  opened: 9,
  failed: 2,
  resumedRatio: 0.5,
  tlsVersion: "TLSv1.3",
  tokenAgeMs: 61_400,
  credentialsIssued: 1,
  abandoned: 1,
};

test("tells counts since the reading before, and the rest as it is", async (t) => {
  const server = await createTlsServer(() => undefined, { source: selfSigned() });
  t.after(() => server[Symbol.asyncDispose]());
  const state = server.state();
  const tls = structuredClone(state);
  const database = { ...DATABASE };
  const read = metricsReader({ tls: () => tls, database: () => database });

  assert.deepEqual(read(), {
    certificateDaysLeft: 29,
    certificatesRefused: 0,
    connections: 0,
    handshakes: 0,
    handshakesFailed: 0,
    handshakesResumed: 0,
    handshakesByProtocol: {},
    handshakesByGroup: {},
    httpOnTls: 0,
    databaseOpen: 4,
    databaseIdle: 2,
    databaseWaiting: 3,
    databaseLoginsFailed: 2,
    databaseAbandoned: 1,
    databaseTokenAgeSeconds: 61,
  });
  Object.assign(tls, { rejections: 1, httpOnTls: 4, connections: 7 });
  Object.assign(tls.handshakes, { ok: 10, failed: 5, resumed: 2, byProtocol: { "TLSv1.3": 10 } });
  database.failed = 3;
  const second = read();

  assert.deepEqual(
    [second.handshakes, second.handshakesFailed, second.handshakesResumed, second.httpOnTls],
    [10, 5, 2, 4],
  );
  assert.deepEqual([second.certificatesRefused, second.connections], [1, 7]);
  assert.deepEqual([second.databaseLoginsFailed, second.databaseAbandoned], [1, 0]);
  assert.deepEqual(second.handshakesByProtocol, { "TLSv1.3": 10 });
  assert.deepEqual([read().handshakes, read().httpOnTls], [0, 0]);
});

test("tells nothing of a certificate where there is none, nor of a token before there is one", () => {
  const metrics = metricsReader({ tls: () => null, database: () => ({ ...DATABASE, tokenAgeMs: null }) })();

  assert.deepEqual(
    Object.keys(metrics).filter((name) => !/^database(Open|Idle|Waiting|LoginsFailed|Abandoned)$/.test(name)),
    [],
  );
});

test("writes a line each time, whatever the level of the log, until disposed of", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const lines: LogLine[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as LogLine) };
  const log = createLog({ level: "error", instance: "test", destination });
  const metrics = logMetrics({ log, everyMs: 60_000, tls: () => null, database: () => DATABASE });
  const none = logMetrics({ log, everyMs: 0, tls: () => null, database: () => assert.fail("asked") });

  t.mock.timers.tick(120_000);
  metrics[Symbol.dispose]();
  none[Symbol.dispose]();
  t.mock.timers.tick(120_000);

  assert.deepEqual(
    lines.map(({ msg, instance, databaseLoginsFailed }) => [msg, instance, databaseLoginsFailed]),
    [
      ["metrics", "test", 2],
      ["metrics", "test", 0],
    ],
  );
});

test("a running app tells its certificate, its handshakes and its pool in one line", async () => {
  await using app = startApp({ ...SETTINGS, METRICS_SECONDS: "1", LOG_LEVEL: "warn" });
  // No line "listening" at this level; the first metrics come a second after the start.
  const first = await app.line("metrics");

  assert.equal(first.certificateDaysLeft, 29);
  assert.equal(first.databaseOpen, 0);
  assert.equal(typeof first.handshakes, "number");
  app.child.kill("SIGTERM");
  assert.equal((await app.ended).code, 0);
});

test("the page in the docs names every number with its meaning", () => {
  const page = readFileSync(new URL("../../../docs/reference/metrics.md", import.meta.url), "utf8");

  for (const [name, meaning] of Object.entries(metricMeanings)) {
    assert.ok(page.includes(`| \`${name}\` | ${meaning} |`), name);
  }
});
