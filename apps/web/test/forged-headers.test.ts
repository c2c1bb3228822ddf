import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { after, before, describe, test } from "node:test";
import express from "express";
import fc from "fast-check";
import { forwardedHeaders } from "../src/middleware/forwarded-headers.ts";
import { appUnderTest, HOST } from "./app-under-test.ts";

/** All of 127.0.0.0/8 is this machine: one address stands for the load balancer, the others for anybody. */
const BALANCER = "127.0.0.2";
const STRANGER = "127.0.0.3";
const TRUSTED = [`${BALANCER}/32`, "10.0.0.0/16"];

async function listen(app: RequestListener) {
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, port: (server.address() as AddressInfo).port };
}

/** Sends header lines as they are from an address of this machine, and returns all that comes back. */
async function send(port: number, from: string, lines: readonly string[]): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1", localAddress: from });
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk.toString("latin1");
  });
  socket.on("error", () => undefined);
  socket.end(Buffer.from(`GET / HTTP/1.1\r\n${lines.join("\r\n")}\r\nConnection: close\r\n\r\n`, "latin1"));
  await new Promise((resolve) => socket.once("close", resolve));
  return answer;
}

/** What a client may write to be taken for somebody else. */
const forgedAddress = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.constantFrom(BALANCER, "10.0.0.1", "127.0.0.1", "::1", "::ffff:10.0.0.1", "unknown", "_hidden", "", "-"),
  fc.ipV4().map((ip) => `${ip}:443`),
  fc.ipV4().map((ip) => `"${ip}"`),
  fc.string({ maxLength: 12 }).map((text) => text.replace(/[^\x20-\x7e]/g, "?")),
);
const forgedList = fc.array(forgedAddress, { maxLength: 4 }).map((parts) => parts.join(", "));
const forgedHeaders = fc.array(
  fc.tuple(
    fc.constantFrom(
      "X-Forwarded-For",
      "x-forwarded-for",
      "X-FORWARDED-FOR",
      "X-Forwarded-Proto",
      "X-Forwarded-Port",
      "X-Forwarded-Host",
      "Forwarded",
      "X-Real-IP",
      "X-Amzn-Trace-Id",
      "X-Amzn-Tls-Version",
      "X-Amzn-Tls-Cipher-Suite",
    ),
    fc.oneof(forgedList, fc.constantFrom("https", "evil.example", "for=192.0.2.1;proto=https", "443")),
  ),
  { maxLength: 6 },
);
const linesOf = (headers: readonly (readonly [string, string])[]) =>
  headers.map(([name, value]) => `${name}: ${value}`);

/** What Express and the app's own code would read of a request behind the guard. */
function mirror(): RequestListener {
  const app = express().set("trust proxy", TRUSTED).use(forwardedHeaders());
  return app.get("/", ({ ip, protocol, hostname, host, headers }, response) => {
    const believed = Object.keys(headers).filter((name) => /^x-(forwarded|amzn)-/.test(name));
    response.json({ ip, protocol, hostname, host, believed });
  });
}

describe("whatever headers are forged", () => {
  let mirrored: Awaited<ReturnType<typeof listen>>;
  before(async () => {
    mirrored = await listen(mirror());
  });
  after(() => mirrored.server.close());

  const seenBy = async (from: string, lines: string[]) =>
    JSON.parse((await send(mirrored.port, from, [`Host: ${HOST}`, ...lines])).split("\r\n\r\n")[1] ?? "");

  test("a stranger is who the socket says it is, and nothing of what it wrote for a load balancer is left", async () => {
    await fc.assert(
      fc.asyncProperty(forgedHeaders, async (headers) => {
        assert.deepEqual(await seenBy(STRANGER, linesOf(headers)), {
          ip: STRANGER,
          protocol: "http",
          hostname: HOST,
          host: HOST,
          believed: [],
        });
      }),
      { numRuns: 200 },
    );
  });

  test("behind the load balancer the client is who the load balancer saw, and the host is the one of the request", async () => {
    const client = fc.ipV4().filter((ip) => !ip.startsWith("10.0.") && ip !== BALANCER);

    await fc.assert(
      fc.asyncProperty(forgedHeaders, client, async (headers, seen) => {
        // A load balancer appends to X-Forwarded-For and writes its own of the others.
        const kept = headers.filter(([name]) => !/^x-forwarded-(proto|port)$/i.test(name));
        const { ip, protocol, hostname, host } = await seenBy(BALANCER, [
          ...linesOf(kept),
          `X-Forwarded-For: ${seen}`,
          "X-Forwarded-Proto: https",
        ]);

        assert.deepEqual(
          { ip, protocol, hostname, host },
          { ip: seen, protocol: "https", hostname: HOST, host: HOST },
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe("whatever Host is sent", () => {
  /** The allowed name, and what is nearly so. */
  const nearMiss = fc.oneof(
    fc.mixedCase(fc.constant(HOST)),
    fc.integer({ min: 0, max: 70_000 }).map((port) => `${HOST}:${port}`),
    fc
      .tuple(fc.nat(HOST.length), fc.string({ maxLength: 3 }))
      .map(([at, more]) => HOST.slice(0, at) + more + HOST.slice(at)),
    fc.string({ maxLength: 5 }).map((text) => `${text}${HOST}`),
    fc.string({ maxLength: 5 }).map((text) => `${HOST}${text}`),
    fc.constantFrom(
      `${HOST}.`,
      `${HOST}:`,
      `${HOST}:0443`,
      `${HOST}:443:443`,
      `user@${HOST}`,
      `${HOST}/x`,
      `${HOST}\t`,
    ),
    fc.constantFrom(
      `${HOST}, evil.example`,
      `evil.example ${HOST}`,
      `[${HOST}]`,
      `${HOST}#`,
      `${HOST}%00`,
      "ｎotes.example",
    ),
  );
  const anyHost = fc
    .oneof(
      nearMiss,
      fc.string(),
      fc.domain(),
      fc.ipV4(),
      fc.ipV6().map((ip) => `[${ip}]`),
    )
    // A line break would begin another header: the smuggling tests are about those.
    .map((text) => text.replace(/[\r\n]/g, ""));

  test("answers only for the one name, and 421 or 400 for every other", async (t) => {
    const { app } = appUnderTest();
    const { server, port } = await listen(app);
    t.after(() => server.close());
    let answered = 0;

    await fc.assert(
      fc.asyncProperty(anyHost, async (host) => {
        const answer = await send(port, STRANGER, [`Host: ${host}`]);
        const sent = Buffer.from(host, "latin1")
          .toString("latin1")
          .replace(/^[ \t]+|[ \t]+$/g, "");
        const isOurs = [HOST, `${HOST}:443`].includes(sent.toLowerCase());
        if (isOurs) answered++;

        assert.match(answer, isOurs ? /^HTTP\/1\.1 303 / : /^HTTP\/1\.1 (421|400) /);
      }),
      { numRuns: 1_000 },
    );
    assert.ok(answered > 0);
  });
});
