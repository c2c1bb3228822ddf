import assert from "node:assert/strict";
import dns from "node:dns";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { freshness } from "../../src/verify/app/credibility.ts";
import type { HopsReport } from "../../src/verify/app/hops-report.ts";
import { fetchOnce } from "../../src/verify/outside/fetch-once.ts";
import { offerOld } from "../../src/verify/outside/offer-old.ts";
import { startClaiming } from "../support/verify/claiming.ts";
import { ownAuthority } from "../support/verify/own-authority.ts";

// A safety net against a hang.
const timeout = 30_000;
const { signal } = new AbortController();

const { certificate } = await ownAuthority();

/** Longer than Node by itself waits for one address of a name. */
const TOO_LONG_FOR_NODE_MS = 400;

/** Makes a name have two addresses, of which nobody is at the second, and the first one's answer late to be seen. */
function nameWithSlowAddress(t: TestContext): void {
  const found = [
    { address: "127.0.0.1", family: 4 },
    { address: "127.0.0.2", family: 4 },
  ];
  const lookup = (_host: string, _options: unknown, done: (error: null, all: typeof found) => void) =>
    setImmediate(() => {
      done(null, found);
      const until = Date.now() + TOO_LONG_FOR_NODE_MS;
      while (Date.now() < until);
    });
  t.mock.method(dns, "lookup", lookup as never);
}

test("an app that is slow to connect to is asked, although its name has another address that nobody is at", {
  timeout,
}, async (t) => {
  await using path = await startClaiming({ topology: "single-instance", certificate });
  nameWithSlowAddress(t);

  const { status } = await fetchOnce({ at: new URL(path.url), path: "/hops.json", signal });

  assert.equal(status, 200);
});

/** Starts a server that does this with each connection once something has come. */
async function startSpeaking(speak: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("data", () => speak(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: new URL(`https://localhost:${(server.address() as AddressInfo).port}`),
    [Symbol.dispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

test("a server that says no to an old offer, and leaves it to the client to hang up, has turned it down", {
  timeout,
}, async () => {
  using server = await startSpeaking((socket) => socket.write(Buffer.of(21, 3, 0, 0, 2, 2, 40)));

  const { outcome } = await offerOld({ url: server.url }, { version: 0x0300, suites: [0x000a] }, signal);

  assert.equal(outcome, "turned-down");
});

test("reports are measured by when the app was asked, however long that took", () => {
  const from = new Date("2026-11-22T10:00:00Z");
  const until = new Date("2026-11-22T10:20:00Z");
  const statusAt = (observedAt: string) =>
    freshness({ instance: "app-1", observedAt } as HopsReport, { from, until }).status;

  assert.equal(statusAt("2026-11-22T10:19:00Z"), "ok");
  assert.equal(statusAt("2026-11-22T10:24:59Z"), "ok");
  assert.equal(statusAt("2026-11-22T10:25:01Z"), "failed");
  assert.equal(statusAt("2026-11-22T09:54:59Z"), "failed");
  assert.equal(statusAt("no date"), "failed");
});
