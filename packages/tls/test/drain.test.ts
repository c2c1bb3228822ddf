import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { Agent } from "node:https";
import { connect } from "node:net";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createTlsServer, drainHttpServer, prepareDrain, selfSigned } from "../src/index.ts";
import { get, handshake } from "./support/client.ts";
import { FailoverClient } from "./support/failover-client.ts";
import { issue } from "./support/pki.ts";
import { listen, startServer } from "./support/server.ts";
import { SwitchableSource } from "./support/switchable-source.ts";

const REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

/** A handler whose answers wait until the test lets them go. */
function heldHandler() {
  const begun = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const handler = async (_request: unknown, response: { end(body: string): void }) => {
    begun.resolve();
    await release.promise;
    response.end("late");
  };
  return { handler, begun: begun.promise, release: () => release.resolve() };
}

test("loses no request while one of two servers behind a load balancer ends under load, four times", async (t) => {
  const start = async () => {
    let isDraining = false;
    const started = await startServer(t, {}, (request, response) => {
      if (request.url === "/readyz") response.statusCode = isDraining ? 503 : 200;
      // Answers take a moment, so that some are always under way when the drain begins and when it closes.
      if (request.url === "/work") setTimeout(() => response.end("done"), 3);
      else response.end();
    });
    const onDraining = () => {
      isDraining = true;
    };
    const drain = () => started.server.drain({ onDraining, graceMs: 1_000, hardMs: 10_000 });
    return { ...started, drain };
  };

  for (let round = 0; round < 4; round++) {
    const [ending, staying] = [await start(), await start()];
    using client = new FailoverClient([ending.port, staying.port]);
    const runs = Array.from({ length: 6 }, () => client.run());
    while (client.answers < 40) await sleep(5);

    const report = await ending.drain();

    assert.equal(client.isHealthy(ending.port), false);
    const answersAtEnd = client.answers;
    while (client.answers < answersAtEnd + 20) await sleep(5);
    client[Symbol.dispose]();
    await Promise.all(runs);
    assert.deepEqual(client.failures, []);
    assert.equal(report.connectionsForced, 0);
    assert.ok(report.requestsServed > 0);
  }
});

test("goes on accepting during the grace time, with Connection: close on every answer", async (t) => {
  const { server, port } = await startServer(t);
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  assert.equal((await get(port, { agent })).headers.connection, "keep-alive");
  let calls = 0;

  const drained = server.drain({ onDraining: () => void calls++, graceMs: 300, hardMs: 2_000 });

  assert.equal(calls, 1);
  assert.equal((await get(port, { agent })).headers.connection, "close");
  assert.equal((await get(port)).headers.connection, "close");
  const report = await drained;
  assert.equal(report.requestsServed, 2);
  assert.equal(report.connectionsClosed, 2);
  await assert.rejects(get(port), { code: "ECONNREFUSED" });
});

test("a request that was being served when the drain began is answered with Connection: close", async (t) => {
  const { handler, begun, release } = heldHandler();
  const { server, port } = await startServer(t, {}, handler);
  const answer = get(port, { agent: new Agent({ keepAlive: true }) });
  await begun;

  const drained = server.drain({ graceMs: 50, hardMs: 5_000 });
  while (server.listening) await sleep(5);
  release();

  assert.deepEqual([(await answer).body, (await answer).headers.connection], ["late", "close"]);
  assert.deepEqual((await drained).requestsServed, 1);
});

test("an answer that is complete but not yet sent is not cut when the server stops accepting", async (t) => {
  const body = Buffer.alloc(8 * 1024 * 1024, "a");
  const { server, port } = await startServer(t, {}, (_request, response) => {
    response.setHeader("Content-Length", body.length);
    response.end(body);
  });
  const socket = await handshake(port);
  let received = 0;
  socket.write(REQUEST);
  await once(socket, "readable");
  const drained = server.drain({ graceMs: 0, hardMs: 10_000 });
  await sleep(100);
  socket.on("data", (chunk) => {
    received += chunk.length;
  });
  await once(socket, "close");

  assert.ok(received > body.length, `received ${received} of ${body.length} bytes`);
  assert.equal((await drained).connectionsForced, 0);
});

test("ends idle kept-alive connections when it stops accepting, without waiting for their timeout", async (t) => {
  const { server, port } = await startServer(t);
  const socket = await handshake(port);
  socket.write(REQUEST);
  await once(socket, "data");

  const report = await server.drain({ graceMs: 0, hardMs: 60_000 });

  assert.deepEqual([report.connectionsClosed, report.connectionsForced], [1, 0]);
  assert.equal(server.state().connections, 0);
});

test("does not wait for connections that never sent a request, in TLS or still before it", async (t) => {
  const { server, port } = await startServer(t, { limits: { handshakeTimeoutMs: 60_000 } });
  const silent = connect(port, "127.0.0.1").on("error", () => undefined);
  await handshake(port);
  while (server.state().connections < 2) await sleep(5);

  const report = await server.drain({ graceMs: 0, hardMs: 60_000 });

  assert.deepEqual([report.connectionsClosed, report.connectionsForced], [2, 0]);
  silent.destroy();
});

test("a connection that was opened before the end and sends its request after it is still answered", async (t) => {
  const { server, port } = await startServer(t);
  const socket = await handshake(port);

  const drained = server.drain({ graceMs: 0, hardMs: 5_000 });
  while (server.listening) await sleep(5);
  socket.write(REQUEST);
  const [answer] = await once(socket, "data");

  assert.match(String(answer), /^HTTP\/1\.1 200 [\s\S]*Connection: close/);
  assert.equal((await drained).requestsServed, 1);
});

test("cuts at the hard limit what does not end, and reports it", async (t) => {
  const { handler, begun, release } = heldHandler();
  t.after(release);
  const { server, port } = await startServer(t, {}, handler);
  const answer = get(port);
  await begun;

  const drained = server.drain({ graceMs: 20, hardMs: 100 });

  await assert.rejects(answer, { code: "ECONNRESET" });
  assert.deepEqual((await drained).connectionsForced, 1);
});

test("a second call returns the promise of the first and calls nothing again", async (t) => {
  const { server } = await startServer(t);
  let calls = 0;
  const options = { onDraining: () => void calls++, graceMs: 10, hardMs: 100 };

  const [first, second] = [server.drain(options), server.drain(options)];

  assert.equal(first, second);
  await first;
  assert.equal(server.drain(options), first);
  assert.equal(calls, 1);
});

test("a server that does not listen is drained at once, and closes again when it begins to", async () => {
  const server = await createTlsServer(() => undefined, { source: selfSigned() });

  const report = await server.drain({ graceMs: 60_000, hardMs: 60_000 });
  server.listen(0, "127.0.0.1");
  await once(server, "close");

  assert.equal(report.connectionsClosed, 0);
  assert.equal(server.listening, false);
});

test("emits close once and looks no more at its source", async (t) => {
  const source = new SwitchableSource(await issue());
  const { server } = await startServer(t, { source });
  let closes = 0;
  server.on("close", () => closes++);

  await server.drain({ graceMs: 0, hardMs: 100 });
  await sleep(20);

  assert.equal(closes, 1);
  assert.equal(source.watchers, 0);
});

test("drains a plain HTTP server in the same way, also the request under way if it was prepared", async (t) => {
  const { handler, begun, release } = heldHandler();
  const server = createServer(handler);
  prepareDrain(server);
  t.after(() => server.close());
  const port = await listen(server);
  const answer = get(port, { isPlain: true, headers: { connection: "keep-alive" } });
  await begun;

  const drained = drainHttpServer(server, { graceMs: 20, hardMs: 5_000 });
  while (server.listening) await sleep(5);
  release();

  assert.equal((await answer).headers.connection, "close");
  assert.equal((await drained).requestsServed, 1);
});

test("answers already begun when the drain starts go on to their end", async (t) => {
  const begun = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const { server, port } = await startServer(t, {}, async (_request, response) => {
    response.write("first ");
    begun.resolve();
    await release.promise;
    response.end("last");
  });
  const answer = get(port);
  await begun.promise;

  const drained = server.drain({ graceMs: 20, hardMs: 5_000 });
  while (server.listening) await sleep(5);
  release.resolve();

  assert.equal((await answer).body, "first last");
  assert.equal((await drained).connectionsForced, 0);
});
