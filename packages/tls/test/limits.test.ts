import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createTlsServer, selfSigned } from "../src/index.ts";
import { resolveLimits } from "../src/server/limits.ts";
import { exchangeBytes, get, handshake } from "./support/client.ts";
import { startServer } from "./support/server.ts";

const SHORT = {
  handshakeTimeoutMs: 150,
  headersTimeoutMs: 200,
  requestTimeoutMs: 300,
  connectionsCheckingIntervalMs: 50,
};
const WHOLE_ANSWER_BYTES = 64 * 1024 * 1024;

/** Writes text to a socket and resolves with everything that comes until the other end closes. */
async function converse(port: number, ...parts: string[]): Promise<string> {
  const socket = await handshake(port);
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  for (const part of parts) socket.write(part);
  await once(socket, "close");
  return answer;
}

test("sets the limits that a server behind a load balancer needs", async (t) => {
  const { server } = await startServer(t);

  assert.equal(server.headersTimeout, 10_000);
  assert.equal(server.requestTimeout, 15_000);
  assert.equal(server.keepAliveTimeout, 65_000);
  assert.equal(resolveLimits().socketTimeoutMs, 65_000);
  assert.equal(server.maxConnections, 10_000);
});

test("keeps idle connections five seconds longer than the load balancer does", async (t) => {
  const { server } = await startServer(t, { lbIdleTimeoutMs: 4_000_000 });

  assert.equal(server.keepAliveTimeout, 4_005_000);
});

test("refuses limits that are no positive integers or that contradict each other", async () => {
  const wrong = [
    { limits: { maxConnections: 0 } },
    { limits: { requestTimeoutMs: 1.5 } },
    { limits: { handshakeTimeoutMs: 2 ** 31 } },
    { limits: { headersTimeoutMs: 20_000 } },
    { lbIdleTimeoutMs: -1 },
  ];
  for (const options of wrong) {
    await assert.rejects(
      createTlsServer(() => undefined, { source: selfSigned(), ...options }),
      { code: "TLS_OPTION_INVALID" },
    );
  }
});

test("cuts a connection that does not begin its handshake, or begins and never ends it", async (t) => {
  const { server, port } = await startServer(t, { limits: SHORT });

  assert.equal(await exchangeBytes(port, ""), "");
  assert.equal(await exchangeBytes(port, "\x16\x03\x01\x02\x00\x01\x00"), "");
  assert.equal(server.state().handshakes.failed, 2);
  assert.equal((await get(port)).status, 200);
});

test("cuts a connection that is silent after its handshake, and one that stops in its headers", async (t) => {
  const { port } = await startServer(t, { limits: SHORT });

  assert.match(await converse(port), /^HTTP\/1\.1 408 /);
  assert.match(await converse(port, "GET / HTTP/1.1\r\nHost: a\r\n"), /^HTTP\/1\.1 408 /);
});

test("cuts a request whose body does not come", async (t) => {
  const { port } = await startServer(t, { limits: SHORT }, (request, response) => {
    request.on("end", () => response.end("ok")).resume();
  });

  const answer = await converse(port, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");

  assert.match(answer, /^HTTP\/1\.1 408 /);
});

test("cuts a connection that does not read its answer", async (t) => {
  const cut = Promise.withResolvers<void>();
  const { port } = await startServer(t, { limits: { socketTimeoutMs: 200 } }, (_request, response) => {
    response.once("close", cut.resolve);
    response.end(Buffer.alloc(WHOLE_ANSWER_BYTES));
  });
  const socket = await handshake(port);
  socket.pause();
  socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await cut.promise;
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.resume();
  await closed;

  assert.ok(socket.bytesRead < WHOLE_ANSWER_BYTES, `${socket.bytesRead} bytes`);
});

test("cuts a connection whose answer does not begin", async (t) => {
  const limits = { socketTimeoutMs: 200, connectionsCheckingIntervalMs: 50 };
  const { port } = await startServer(t, { limits }, () => undefined);
  const socket = await handshake(port);
  socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await new Promise((resolve) => socket.resume().once("close", resolve));

  assert.equal(socket.bytesRead, 0);
});

test("keeps a connection whose answer goes on for longer, and keeps it idle after that", async (t) => {
  const limits = { socketTimeoutMs: 1_000, connectionsCheckingIntervalMs: 50 };
  const { port } = await startServer(t, { limits }, async (_request, response) => {
    for (let part = 0; part < 15; part++) {
      response.write("part");
      await sleep(100);
    }
    response.end("whole");
  });
  const socket = (await handshake(port)).setEncoding("latin1");
  let answers = "";
  socket.on("data", (text: string) => {
    answers += text;
  });
  const askAndWait = async (count: number) => {
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    while (!socket.destroyed && answers.split("whole").length <= count) await sleep(20);
  };

  await askAndWait(1);
  await sleep(1_500);
  await askAndWait(2);

  assert.equal(answers.split("whole").length, 3);
  socket.destroy();
});

test("answers too large and too many headers with 431, and drops none in silence", async (t) => {
  const { port } = await startServer(
    t,
    {},
    (request, response) => void response.end(String(request.headers["x-last"])),
  );
  const lines = (count: number) => "a: 1\r\n".repeat(count);

  const ask = (count: number) =>
    converse(
      port,
      `GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${lines(count - 3)}x-last: seen\r\n\r\n`,
    );

  const fits = await ask(100);
  const tooMany = await Promise.all([101, 102, 110, 150, 1_000].map(ask));
  const tooLarge = await converse(port, `GET / HTTP/1.1\r\nHost: a\r\nb: ${"x".repeat(20_000)}\r\n\r\n`);

  assert.match(fits, /^HTTP\/1\.1 200 [\s\S]*seen/);
  for (const answer of tooMany) assert.match(answer, /^HTTP\/1\.1 431 /);
  assert.match(tooLarge, /^HTTP\/1\.1 431 /);
});

test("refuses connections above the limit, keeps those that are open, and recovers", async (t) => {
  const { server, port } = await startServer(t, { limits: { maxConnections: 2 } });
  const [one, two] = [await handshake(port), await handshake(port)];
  const refused = connect(port, "127.0.0.1").on("error", () => undefined);
  await once(refused, "close");

  assert.equal(server.state().connections, 2);
  one.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  assert.match(String((await once(one, "data"))[0]), /^HTTP\/1\.1 200 /);
  two.destroy();
  while (server.state().connections > 1) await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await get(port)).status, 200);
  one.destroy();
});
