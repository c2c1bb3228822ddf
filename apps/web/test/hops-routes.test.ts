import assert from "node:assert/strict";
import test from "node:test";
import { DbError } from "@sealed/db";
import express from "express";
import request from "supertest";
import { addHopsRoutes, type HopsDeps, type HopsReport, type ObservedDatabase } from "../src/hops/index.ts";
import { certificate, DATABASE, NOW_MS, TLS } from "./hops-fixtures.ts";

function app(changes: Partial<HopsDeps> = {}) {
  const deps: HopsDeps = {
    topology: "alb-reencrypt",
    instance: "instance-1",
    render: (view, data) => `<p>${view} ${(data as { headline: string }).headline}</p>`,
    describeConnection: () => TLS,
    serverCertificate: () => certificate("CN=app.test", 29),
    observeDatabase: async () => DATABASE,
    isTrustedProxy: () => true,
    now: () => NOW_MS,
    ...changes,
  };
  const app = express();
  addHopsRoutes(app, deps);
  return app;
}

const forwarded = {
  "X-Forwarded-Proto": "https",
  "x-amzn-tls-version": "TLSv1.3",
  "x-amzn-tls-cipher-suite": "TLS_AES_128_GCM_SHA256",
};

async function report(changes: Partial<HopsDeps> = {}, headers: Record<string, string> = forwarded) {
  const response = await request(app(changes)).get("/hops.json").set(headers).expect(200);
  return response.body as HopsReport;
}

test("GET /hops.json has the keys that other programs rely on", async () => {
  const body = await report();

  assert.deepEqual(Object.keys(body), ["topology", "verdict", "summary", "hops", "instance", "observedAt"]);
  assert.deepEqual(
    [body.topology, body.verdict, body.instance, body.observedAt],
    ["alb-reencrypt", "sealed", "instance-1", new Date(NOW_MS).toISOString()],
  );
  assert.deepEqual(
    body.hops.map(({ id }) => id),
    ["client-lb", "lb-app", "app-db"],
  );
  for (const hop of body.hops) {
    for (const key of ["sealed", "authenticated", "protocol", "cipher", "group", "peer"]) {
      assert.ok(key in hop, `${hop.id} lacks ${key}`);
    }
  }
  assert.deepEqual(Object.keys(body.hops[1].peer ?? {}), [
    "subject",
    "fingerprint256",
    "notAfter",
    "daysLeft",
  ]);
});

test("both answers are never stored, and the page is HTML with the verdict", async () => {
  await request(app()).get("/hops.json").expect("Cache-Control", "no-store").expect("Content-Type", /json/);
  await request(app())
    .get("/")
    .set(forwarded)
    .expect(200, "<p>hops Sealed at every hop</p>")
    .expect("Cache-Control", "no-store")
    .expect("Content-Type", /html/);
});

test("headers of a sender who is no trusted load balancer are not believed", async () => {
  const asked: string[] = [];
  const isTrustedProxy = (address: string) => {
    asked.push(address);
    return false;
  };
  const { hops } = await report({ isTrustedProxy });

  assert.equal(hops[0].sealed, false);
  assert.equal(hops[0].protocol, null);
  assert.equal(hops[1].sealed, false);
  assert.match(asked[0] ?? "", /127\.0\.0\.1$/);
});

test("of several forwarded values the one of the nearest proxy counts", async () => {
  const spoofed = await report({}, { ...forwarded, "X-Forwarded-Proto": "https, http" });
  assert.equal(spoofed.hops[0].sealed, false);

  const honest = await report({}, { ...forwarded, "X-Forwarded-Proto": "http, HTTPS" });
  assert.equal(honest.hops[0].sealed, true);
});

test("a hop is judged by the request's own socket and the certificate in force", async () => {
  const { hops } = await report({
    describeConnection: (socket) => ({ ...TLS, encrypted: socket.localPort === undefined }),
    serverCertificate: () => null,
  });

  assert.equal(hops[1].sealed, false);
  assert.match(hops[1].reason ?? "", /Plain HTTP/);
});

test("a database that is down is a finding, not a failure of the page", async () => {
  const observeDatabase = async () => {
    throw new DbError("DB_UNREACHABLE", "the database at db.internal:3306 did not answer");
  };
  const body = await report({ observeDatabase });

  assert.equal(body.verdict, "open");
  assert.equal(body.hops[2].code, "DB_UNREACHABLE");
  assert.doesNotMatch(JSON.stringify(body), /db\.internal/, "the error's own words stay in the log");
});

test("an error that is no finding about the database goes on to the app's error handler", async () => {
  const observeDatabase = async () => {
    throw new TypeError("a fault of the program");
  };
  const server = app({ observeDatabase });
  server.use((error: Error, _req: express.Request, res: express.Response, _next: express.NextFunction) => {
    res.status(500).send(error.name);
  });

  await request(server).get("/hops.json").expect(500, "TypeError");
});

test("a storm of requests looks at the database once, and each request at its own connection", async () => {
  const looks: PromiseWithResolvers<ObservedDatabase>[] = [];
  const connections: unknown[] = [];
  const allIn = Promise.withResolvers<void>();
  const server = app({
    observeDatabase: () => {
      const look = Promise.withResolvers<ObservedDatabase>();
      looks.push(look);
      return look.promise;
    },
    describeConnection: (socket) => {
      connections.push(socket);
      if (connections.length === 20) allIn.resolve();
      return TLS;
    },
  }).listen(0, "127.0.0.1");
  const storm = Array.from({ length: 20 }, () =>
    request(server).get("/hops.json").set(forwarded).expect(200),
  );
  const answers = Promise.all(storm);
  await allIn.promise;
  for (const look of looks) look.resolve(DATABASE);
  await answers;
  server.close();

  assert.equal(looks.length, 1);
  assert.equal(new Set(connections).size, 20);
});

test("a look at the database is given a deadline", async () => {
  let deadline: AbortSignal | undefined;
  await report({
    observeDatabase: async ({ signal }) => {
      deadline = signal;
      return DATABASE;
    },
  });

  assert.ok(deadline instanceof AbortSignal);
  assert.equal(deadline.aborted, false);
});
