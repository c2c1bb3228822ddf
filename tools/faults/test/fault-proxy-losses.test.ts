import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../src/index.ts";
import { connectTo } from "./echo-server.ts";
import { aWhile, path } from "./proxied-echo.ts";

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
