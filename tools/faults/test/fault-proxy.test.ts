import assert from "node:assert/strict";
import { once } from "node:events";
import { performance } from "node:perf_hooks";
import { test } from "node:test";
import { startFaultProxy, until } from "../src/index.ts";
import { connectTo, startEchoServer } from "./echo-server.ts";

/** An echo server behind a proxy in which nothing is wrong yet. */
async function path() {
  const server = await startEchoServer();
  const proxy = await startFaultProxy({ target: { port: server.port } });
  return {
    server,
    proxy,
    async [Symbol.asyncDispose]() {
      await proxy.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Waits long enough for anything that is on its way on loopback to arrive. */
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 50));

test("a sound proxy hands on what is said, counts it, and hands on the end", async () => {
  await using it = await path();
  using client = connectTo(it.proxy);

  client.socket.write("hello");
  await until(() => client.heard() === "hello");
  assert.deepEqual({ ...it.proxy.passed }, { toServer: 5, toClient: 5 });
  assert.deepEqual([it.proxy.open, it.proxy.accepted], [1, 1]);

  it.server.sockets[0]?.end("bye");
  await until(() => client.outcome() === "end");
  assert.equal(client.heard(), "hellobye");
  await until(() => it.proxy.open === 0);
});

test("a client that ends is ended at the server too, and a reset arrives as a reset", async () => {
  await using it = await path();
  using ending = connectTo(it.proxy);
  using resetting = connectTo(it.proxy);
  ending.socket.write("a");
  resetting.socket.write("b");
  await until(() => it.server.received().length === 2);
  const codes: (string | undefined)[] = [];
  for (const socket of it.server.sockets) {
    socket.on("end", () => codes.push("end"));
    socket.on("error", (error: NodeJS.ErrnoException) => codes.push(error.code));
  }

  ending.socket.end();
  await until(() => codes.includes("end"));
  resetting.socket.resetAndDestroy();

  await until(() => codes.includes("ECONNRESET"));
});

test("bytes that are made late come late and in order, and the ones without a delay do not", async () => {
  await using it = await path();
  it.proxy.delay(150, "toClient");
  using client = connectTo(it.proxy);
  const startedAtMs = performance.now();

  client.socket.write("one ");
  await until(() => it.server.received() === "one ");
  client.socket.write("two");
  await until(() => client.heard() === "one two");

  // A timer may fire a millisecond early.
  assert.ok(performance.now() - startedAtMs >= 149);
});

test("a limited connection takes as long as its bytes need, and loses none", async () => {
  await using it = await path();
  it.proxy.limit(100_000, "toServer");
  using client = connectTo(it.proxy);
  const startedAtMs = performance.now();

  client.socket.write("x".repeat(30_000));
  await until(() => it.server.received().length === 30_000);

  assert.ok(performance.now() - startedAtMs >= 200, "faster than the limit");
  await until(() => client.heard().length === 30_000);
});

test("more than the proxy can keep waits at its source, and arrives whole", async () => {
  await using it = await path();
  using client = connectTo(it.proxy);
  it.proxy.blackHole("toServer");
  const sent = "y".repeat(8_000_000);

  client.socket.write(sent);
  await aWhile();
  assert.equal(it.server.received(), "");
  await it.proxy.heal();

  await until(() => it.server.received().length === sent.length);
  await until(() => client.heard().length === sent.length);
});

test("a black hole swallows bytes and ends both ways, and what it held arrives when it is healed", async () => {
  await using it = await path();
  using client = connectTo(it.proxy);
  client.socket.write("before ");
  await until(() => client.heard() === "before ");

  it.proxy.blackHole();
  client.socket.write("after");
  it.server.sockets[0]?.end("goodbye ");
  await aWhile();
  assert.equal(it.server.received(), "before ");
  assert.equal(client.heard(), "before ");
  assert.equal(client.outcome(), undefined);

  await it.proxy.heal();
  await until(() => client.outcome() === "end");
  assert.equal(client.heard(), "before goodbye ");
  await until(() => it.server.received() === "before after");
});

test("with one-way loss the server hears the client, and the client nothing", async () => {
  await using it = await path();
  it.proxy.blackHole("toClient");
  using client = connectTo(it.proxy);

  client.socket.write("anybody?");
  await until(() => it.server.received() === "anybody?");
  await aWhile();

  assert.equal(client.heard(), "");
});

test("forgotten connections hear nothing for ever, and new ones work", async () => {
  await using it = await path();
  using old = connectTo(it.proxy);
  old.socket.write("old");
  await until(() => old.heard() === "old");

  it.proxy.forgetOpen();
  await it.proxy.heal();
  old.socket.write("still there?");
  using fresh = connectTo(it.proxy);
  fresh.socket.write("new");
  await until(() => fresh.heard() === "new");
  await aWhile();

  assert.equal(old.heard(), "old");
  assert.equal(old.outcome(), undefined);
  assert.equal(it.server.received(), "oldnew");
});

for (const [by, outcome] of [
  ["end", "end"],
  ["reset", "ECONNRESET"],
] as const) {
  test(`a cut lets exactly the bytes pass that it names, then the client sees ${outcome}`, async () => {
    await using it = await path();
    it.proxy.cut("toServer", { afterBytes: 7, by });
    using client = connectTo(it.proxy);

    client.socket.write("0123");
    await until(() => it.server.received() === "0123");
    client.socket.write("456789");

    await until(() => client.outcome() !== undefined);
    assert.equal(client.outcome(), outcome);
    await until(() => it.proxy.open === 0);
    assert.equal(it.proxy.passed.toServer, 7);
    if (by === "end") assert.equal(it.server.received(), "0123456");
  });
}

test("a silent cut tells neither side that its bytes have stopped to arrive", async () => {
  await using it = await path();
  it.proxy.cut("toClient", { afterBytes: 3, by: "silence" });
  using client = connectTo(it.proxy);

  client.socket.write("12345");
  await until(() => client.heard() === "123");
  client.socket.write("lost");
  await aWhile();

  assert.deepEqual([client.heard(), client.outcome()], ["123", undefined]);
  assert.equal(it.server.received(), "12345");
});

test("a cut of the answers loses the next byte of an open connection, and its connection", async () => {
  await using it = await path();
  using client = connectTo(it.proxy);
  client.socket.write("first");
  await until(() => client.heard() === "first");

  it.proxy.cut("toClient");
  client.socket.write("second");

  await until(() => client.outcome() === "end");
  assert.equal(client.heard(), "first");
  assert.equal(it.server.received(), "firstsecond");
  await it.proxy.heal();
  using healed = connectTo(it.proxy);
  healed.socket.write("third");
  await until(() => healed.heard() === "third");
});

test("reset and hang-up end what is open with RST and with FIN, and spare what comes later", async () => {
  for (const [end, outcome] of [
    ["reset", "ECONNRESET"],
    ["hangUp", "end"],
  ] as const) {
    await using it = await path();
    using client = connectTo(it.proxy);
    client.socket.write("a");
    await until(() => client.heard() === "a");

    it.proxy[end]();

    await until(() => client.outcome() === outcome);
    using next = connectTo(it.proxy);
    next.socket.write("b");
    await until(() => next.heard() === "b");
  }
});

test("a proxy that refuses is a port where nothing listens, until it is healed", async () => {
  await using it = await path();
  using open = connectTo(it.proxy);
  open.socket.write("a");
  await until(() => open.heard() === "a");

  it.proxy.refuse();
  using refused = connectTo(it.proxy);
  await until(() => refused.outcome() === "ECONNREFUSED");
  open.socket.write("b");
  await until(() => open.heard() === "ab");
  await it.proxy.heal();

  using again = connectTo(it.proxy);
  again.socket.write("c");
  await until(() => again.heard() === "c");
});

test("a changed target takes new connections, and a target that is not there resets them", async () => {
  await using it = await path();
  await using other = await startEchoServer("other:");
  using before = connectTo(it.proxy);
  before.socket.write("a");
  await until(() => before.heard() === "a");

  it.proxy.retarget({ port: other.port });
  using after = connectTo(it.proxy);
  after.socket.write("b");
  await until(() => after.heard() === "other:b");
  before.socket.write("c");
  await until(() => before.heard() === "ac");
  {
    await using gone = await startEchoServer();
    it.proxy.retarget({ port: gone.port });
  }

  using lost = connectTo(it.proxy);
  await until(() => lost.outcome() === "ECONNRESET");
});

test("two proxies on two addresses share a port, as two hosts do", async () => {
  await using a = await startEchoServer("a:");
  await using b = await startEchoServer("b:");
  await using first = await startFaultProxy({ target: { port: a.port }, host: "127.0.0.2" });
  await using second = await startFaultProxy({
    target: { port: b.port },
    host: "127.0.0.3",
    port: first.port,
  });

  for (const [proxy, answer] of [
    [first, "a:?"],
    [second, "b:?"],
  ] as const) {
    using client = connectTo(proxy);
    client.socket.write("?");
    await until(() => client.heard() === answer);
  }
});

test("an end and a reset that arrive together close the connection", async () => {
  await using it = await path();
  using client = connectTo(it.proxy);
  client.socket.write("a");
  await until(() => client.heard() === "a");

  it.proxy.blackHole("toServer");
  client.socket.end("b");
  await once(client.socket, "finish");
  await aWhile();
  client.socket.resetAndDestroy();
  await aWhile();
  await it.proxy.heal();

  await until(() => it.proxy.open === 0);
});
