import assert from "node:assert/strict";
import { describe, test } from "node:test";
import express from "express";
import fc from "fast-check";
import request from "supertest";
import { forwardedHeaders } from "../src/middleware/forwarded-headers.ts";
import { appUnderTest, HOST } from "./app-under-test.ts";

/** Requests come from 127.0.0.1 here: a range that holds it makes the test the load balancer. */
const FROM_BALANCER = { trustedProxies: ["127.0.0.0/8", "::1/128"] };
const FROM_STRANGER = { trustedProxies: ["10.0.0.0/16"] };

describe("the host allow-list", () => {
  for (const [host, status] of [
    [HOST, 303],
    ["NOTES.example", 303],
    [`${HOST}:443`, 303],
    [`${HOST}:8443`, 421],
    [`${HOST}.`, 421],
    [`x.${HOST}`, 421],
    ["evil.example", 421],
    ["127.0.0.1", 421],
    ["", 421],
  ] as const) {
    test(`answers ${status} to the host "${host}"`, async () => {
      await request(appUnderTest().app).get("/").set("Host", host).expect(status);
    });
  }

  test("takes an entry with a port as it is", async () => {
    const { app } = appUnderTest({ publicHosts: ["localhost:8443"] });

    await request(app).get("/").set("Host", "localhost:8443").expect(303);
    await request(app).get("/").set("Host", "localhost").expect(421);
  });

  test("answers a problem to the API", async () => {
    const { body } = await request(appUnderTest().app)
      .get("/api/notes")
      .set("Host", "evil.example")
      .expect(421);

    assert.equal(body.code, "WEB_HOST_UNKNOWN");
  });

  for (const [who, proxies] of [
    ["a stranger", FROM_STRANGER],
    ["the load balancer", FROM_BALANCER],
  ] as const) {
    test(`is not led astray by X-Forwarded-Host of ${who}`, async () => {
      const { app } = appUnderTest(proxies);

      await request(app).get("/").set({ Host: "evil.example", "X-Forwarded-Host": HOST }).expect(421);
      const { headers } = await request(app)
        .get("/")
        .set({ Host: HOST, "X-Forwarded-Host": "evil.example" })
        .expect(303);
      assert.equal(headers.location, "/notes");
    });
  }
});

test("X-Forwarded-Host never becomes the host name, not even the load balancer's", async () => {
  const app = express().set("trust proxy", FROM_BALANCER.trustedProxies).use(forwardedHeaders());
  app.get("/", (incoming, response) => void response.send(`${incoming.hostname} ${incoming.host}`));

  await request(app)
    .get("/")
    .set({ Host: HOST, "X-Forwarded-Host": "evil.example" })
    .expect(200, `${HOST} ${HOST}`);
});

describe("a write", () => {
  for (const [what, headers, status] of [
    ["of a program", {}, 303],
    ["of this site's pages", { "Sec-Fetch-Site": "same-origin" }, 303],
    ["that no page caused", { "Sec-Fetch-Site": "none" }, 303],
    ["of a sibling site", { "Sec-Fetch-Site": "same-site" }, 403],
    ["of another site", { "Sec-Fetch-Site": "cross-site" }, 403],
    [
      "of another site that claims our origin",
      { "Sec-Fetch-Site": "cross-site", Origin: `https://${HOST}` },
      403,
    ],
    ["of an older browser on this site", { Origin: `https://${HOST}` }, 303],
    ["of an older browser on this site with its port", { Origin: `https://${HOST}:443` }, 303],
    ["from the unencrypted twin of this site", { Origin: `http://${HOST}` }, 403],
    ["from another scheme on this host", { Origin: `local://${HOST}` }, 403],
    ["of an older browser on another site", { Origin: "https://evil.example" }, 403],
    ["from another port of this host", { Origin: `https://${HOST}:8443` }, 403],
    ["of a page without an origin", { Origin: "null" }, 403],
    ["of a look-alike", { Origin: `https://${HOST}.evil.example` }, 403],
  ] as const) {
    test(`${what} gets ${status}`, async () => {
      const { client } = appUnderTest();

      await client.post("/notes").set(headers).type("form").send({ title: "x" }).expect(status);
    });
  }

  test("of another site is refused for each method that writes, and reading is not", async () => {
    const { client } = appUnderTest();
    const other = { "Sec-Fetch-Site": "cross-site" };

    for (const method of ["post", "put", "delete", "patch"] as const) {
      const { body } = await client[method]("/api/notes/1").set(other).expect(403);
      assert.equal(body.code, "WEB_CROSS_SITE_WRITE");
    }
    await client.get("/notes").set(other).expect(200);
  });
});

describe("what is believed of a load balancer", () => {
  const TRACE = "1-67891233-abcdef012345678912345678";
  const SELF = "1-67891234-12456789abcdef0123456789";

  async function sendWith(proxies: { trustedProxies: string[] }, headers: Record<string, string>) {
    const { client, logged } = appUnderTest(proxies);
    const response = await client.get("/").set(headers);
    return { id: response.headers["x-request-id"] ?? "", line: logged().at(-1) ?? {} };
  }

  test("is the trace id, so that its log and ours name a request alike", async () => {
    const { id, line } = await sendWith(FROM_BALANCER, { "X-Amzn-Trace-Id": `Root=${TRACE}` });

    assert.equal(id, TRACE);
    assert.equal(line.requestId, TRACE);
  });

  test("is its own part of the trace where a client chose the rest", async () => {
    const { id } = await sendWith(FROM_BALANCER, { "X-Amzn-Trace-Id": `Self=${SELF};Root=${TRACE}` });

    assert.equal(id, SELF);
  });

  for (const trace of [
    "Root=1",
    `Root=${TRACE}x`,
    `Root=${TRACE.toUpperCase()}`,
    "x".repeat(9_000),
    `xRoot=${TRACE}`,
  ]) {
    test(`is no trace id of another form (${trace.slice(0, 12)})`, async () => {
      const { id } = await sendWith(FROM_BALANCER, { "X-Amzn-Trace-Id": trace });

      assert.match(id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    });
  }

  test("is nothing when a stranger writes in its name", async () => {
    const { id, line } = await sendWith(FROM_STRANGER, {
      "X-Amzn-Trace-Id": `Root=${TRACE}`,
      "X-Forwarded-For": "1.2.3.4",
    });

    assert.notEqual(id, TRACE);
    assert.match(String(line.clientIp), /127\.0\.0\.1$/);
  });

  test("is the address it appended, whatever the client wrote before", async () => {
    const address = fc.ipV4().filter((ip) => !ip.startsWith("127."));
    const forged = fc.array(fc.oneof(address, fc.constantFrom("127.0.0.1", "unknown", "", "::1", "evil")), {
      maxLength: 4,
    });
    const { client, logged } = appUnderTest(FROM_BALANCER);

    await fc.assert(
      fc.asyncProperty(forged, address, async (chosen, seen) => {
        await client
          .get("/")
          .set("X-Forwarded-For", [...chosen, seen].join(", "))
          .expect(303);

        assert.equal(logged().at(-1)?.clientIp, seen);
      }),
      { numRuns: 60 },
    );
  });

  test("is never the word of a stranger, whatever it writes", async () => {
    const { client, logged } = appUnderTest(FROM_STRANGER);

    await fc.assert(
      fc.asyncProperty(fc.array(fc.ipV4(), { minLength: 1, maxLength: 4 }), async (chosen) => {
        await client.get("/").set("X-Forwarded-For", chosen.join(", ")).expect(303);

        assert.match(String(logged().at(-1)?.clientIp), /127\.0\.0\.1$/);
      }),
      { numRuns: 30 },
    );
  });
});
