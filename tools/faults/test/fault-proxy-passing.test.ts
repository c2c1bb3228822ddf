import assert from "node:assert/strict";
import { performance } from "node:perf_hooks";
import { test } from "node:test";
import { until } from "../src/index.ts";
import { connectTo } from "./echo-server.ts";
import { aWhile, path } from "./proxied-echo.ts";

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
