import { once } from "node:events";
import { test } from "node:test";
import { startFaultProxy, until } from "../src/index.ts";
import { connectTo, startEchoServer } from "./echo-server.ts";
import { aWhile, path } from "./proxied-echo.ts";

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
