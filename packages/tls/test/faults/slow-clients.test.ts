import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import { pipeline, Readable } from "node:stream";
import test from "node:test";
import type { TLSSocket } from "node:tls";
import { startFaultProxy } from "@sealed/faults";
import { get, handshake } from "../support/client.ts";
import { settledMemoryBytes } from "../support/memory.ts";
import { startServer } from "../support/server.ts";

const SHORT = { headersTimeoutMs: 1_000, requestTimeoutMs: 1_500, connectionsCheckingIntervalMs: 100 };
const CROWD = 200;
const MIB = 1024 * 1024;

const readsBody: RequestListener = (request, response) => {
  request.on("end", () => response.end("ok")).resume();
};

const PART = Buffer.alloc(64 * 1024);

/** However much the kernel takes, there is more: what fits into its buffers is over for Node at once. */
function* endlessAnswer(): Generator<Buffer> {
  for (;;) yield PART;
}

/** Writes a beginning and then one byte after the other for as long as it can; resolves with what was answered. */
async function trickle(socket: TLSSocket, beginning: string): Promise<string> {
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  socket.write(beginning);
  const timer = setInterval(() => socket.write("a"), 50);
  // Not `once`, which rejects when the end is a reset.
  await new Promise((resolve) => socket.once("close", resolve));
  clearInterval(timer);
  return answer;
}

for (const [what, beginning] of [
  ["headers", "GET / HTTP/1.1\r\nHost: a\r\nX: "],
  ["bodies", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n"],
] as const) {
  test(`cuts ${CROWD} clients that send their ${what} byte by byte, and serves others meanwhile`, async (t) => {
    const { server, port } = await startServer(t, { limits: SHORT }, readsBody);
    const sockets = await Promise.all(Array.from({ length: CROWD }, () => handshake(port)));
    const slow = Promise.all(sockets.map((socket) => trickle(socket, beginning)));
    let isCrowded = true;
    const visitor = (async () => {
      while (isCrowded) assert.equal((await get(port)).status, 200);
    })();

    const answers = await slow;
    isCrowded = false;
    await visitor;

    // The byte that comes after the end is answered with a reset, which may overtake the answer.
    for (const answer of answers) assert.match(answer, /^(HTTP\/1\.1 408 |$)/);
    while (server.state().connections > 0) await new Promise((resolve) => setImmediate(resolve));
  });
}

test("cuts 50 clients that do not read their answers, and holds little for them meanwhile", async (t) => {
  let cut = 0;
  const { server, port } = await startServer(
    t,
    { limits: { socketTimeoutMs: 1_000 } },
    (_request, response) => {
      response.once("close", () => {
        if (!response.writableFinished) cut++;
      });
      // A stream that waits for its reader; an answer handed over whole is kept whole until it is read or cut.
      pipeline(Readable.from(endlessAnswer()), response, () => undefined);
    },
  );
  const sockets = await Promise.all(Array.from({ length: 50 }, () => handshake(port)));
  const before = settledMemoryBytes();
  for (const socket of sockets) socket.pause().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  while (cut === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  const grownMib = (process.memoryUsage.rss() - before) / MIB;
  while (server.state().connections > 0) await new Promise((resolve) => setTimeout(resolve, 20));

  assert.equal(cut, 50);
  assert.ok(grownMib < 64, `${grownMib} MiB more`);
  t.diagnostic(`${Math.round(grownMib)} MiB more at the first cut`);
  for (const socket of sockets) socket.destroy();
});

test("cuts a client that reads its answer a little at a time for too long, and no other", async (t) => {
  const limits = { answerTimeoutMs: 1_000, connectionsCheckingIntervalMs: 100 };
  const ended = Promise.withResolvers<boolean>();
  const { server, port } = await startServer(t, { limits }, (request, response) => {
    if (request.url === "/") return void response.end("ok");
    response.once("close", () => ended.resolve(response.writableFinished));
    pipeline(Readable.from(endlessAnswer()), response, () => undefined);
  });
  await using proxy = await startFaultProxy({ target: { host: "127.0.0.1", port } });
  proxy.limit(200_000, "toClient");
  const other = await handshake(port);
  const socket = await handshake(proxy.port);
  socket.resume().write("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  const keepBusy = setInterval(() => other.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), 100);
  t.after(() => clearInterval(keepBusy));
  other.resume();

  assert.equal(await ended.promise, false);
  assert.equal(other.destroyed, false);
  clearInterval(keepBusy);
  other.destroy();
  socket.destroy();
  while (server.state().connections > 0) await new Promise((resolve) => setTimeout(resolve, 20));
});

for (const [limit, limits] of Object.entries({
  answerTimeoutMs: { answerTimeoutMs: 500, connectionsCheckingIntervalMs: 100 },
  socketTimeoutMs: { socketTimeoutMs: 500 },
})) {
  test(`throws away what a client has not read when ${limit} cuts it, so that no kernel keeps it`, async (t) => {
    const { server, port } = await startServer(t, { limits }, (_request, response) => {
      pipeline(Readable.from(endlessAnswer()), response, () => undefined);
    });
    const socket = await handshake(port);
    socket.pause().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    while (server.state().handshakes.ok === 0 || server.state().connections > 0) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }

    const ended = new Promise((resolve) => socket.once("close", resolve));
    socket.resume();
    await ended;

    // A connection that was only closed hands over the 4 MB that the kernel took of the answer.
    assert.ok(socket.bytesRead < MIB, `${socket.bytesRead} bytes came after the cut`);
  });
}

test("cuts a connection whose network falls silent in the middle of a request", async (t) => {
  const begun = Promise.withResolvers<void>();
  const { server, port } = await startServer(t, { limits: SHORT }, (request, response) => {
    begun.resolve();
    readsBody(request, response);
  });
  await using proxy = await startFaultProxy({ target: { host: "127.0.0.1", port } });
  const socket = await handshake(proxy.port);
  socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n");
  await begun.promise;

  proxy.blackHole();
  socket.write("0123456789");
  while (server.state().connections > 0) await new Promise((resolve) => setTimeout(resolve, 20));

  assert.equal((await get(port)).status, 200);
  socket.destroy();
});

test("serves a client behind a slow and narrow network as long as it keeps within the limits", async (t) => {
  const { port } = await startServer(t, {}, (_request, response) => response.end(Buffer.alloc(100_000, "a")));
  await using proxy = await startFaultProxy({ target: { host: "127.0.0.1", port } });
  proxy.delay(30);
  proxy.limit(400_000, "toClient");

  assert.equal((await get(proxy.port)).body.length, 100_000);
});
