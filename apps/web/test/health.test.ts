import assert from "node:assert/strict";
import { test } from "node:test";
import { DbError } from "@sealed/db";
import request from "supertest";
import { appUnderTest, failingStore } from "./app-under-test.ts";

const down = {
  ready: () => Promise.reject(new DbError("DB_CONNECTION_REFUSED", "no connection to db.internal")),
};

test("GET /livez answers 200 without the database, under any host name", async () => {
  const { app } = appUnderTest({ database: down, store: failingStore("DB_CONNECTION_REFUSED") });

  await request(app).get("/livez").set("Host", "10.0.1.17").expect(200, { live: true });
});

test("GET /readyz answers 200 while the database does, under any host name", async () => {
  const { app } = appUnderTest();

  const { headers } = await request(app)
    .get("/readyz")
    .set("Host", "10.0.1.17:443")
    .expect(200, { ready: true, codes: [] });
  assert.equal(headers["cache-control"], "no-store");
});

test("GET /readyz answers 503 with the database's code, and 200 again by itself", async () => {
  let ready = down.ready;
  const { client } = appUnderTest({ database: { ready: () => ready() } });

  await client.get("/readyz").expect(503, { ready: false, codes: ["DB_CONNECTION_REFUSED"] });
  ready = () => Promise.resolve() as Promise<never>;
  await client.get("/readyz").expect(200);
});

test("GET /readyz answers 503 while draining, without asking the database", async () => {
  const { client } = appUnderTest({ isDraining: () => true, database: down });

  await client.get("/readyz").expect(503, { ready: false, codes: ["DRAINING"] });
  await client.get("/livez").expect(200);
});

test("GET /readyz tells of a certificate that nears its end, and goes on answering 200", async () => {
  const ending = { certificateExpiresSoon: () => true };

  await appUnderTest(ending)
    .client.get("/readyz")
    .expect(200, { ready: true, codes: ["TLS_CERT_EXPIRES_SOON"] });
  await appUnderTest({ ...ending, isDraining: () => true })
    .client.get("/readyz")
    .expect(503, { ready: false, codes: ["DRAINING", "TLS_CERT_EXPIRES_SOON"] });
});

test("GET /readyz gives the database a deadline", async () => {
  const signals: AbortSignal[] = [];
  const { client } = appUnderTest({
    database: {
      ready: async ({ signal }) => {
        signals.push(signal);
      },
    },
  });

  await client.get("/readyz").expect(200);

  assert.equal(signals.length, 1);
  assert.equal(signals[0]?.aborted, false);
});

test("health checks have no other methods, and are logged only for whoever asks for it", async () => {
  const { client, logged } = appUnderTest({ logLevel: "info" });

  await client.post("/livez").expect(405).expect("Allow", "GET, HEAD");
  await client.get("/readyz").expect(200);

  assert.deepEqual(logged(), []);
});
