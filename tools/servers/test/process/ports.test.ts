import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";
import { freePort, portHolder } from "../../src/process/index.ts";

test("freePort() gives a port that can be listened on", async (t) => {
  const port = await freePort();

  const server = createServer().listen(port, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
});

test("portHolder() names the process that listens on a port", async (t) => {
  const port = await freePort();
  const server = createServer().listen(port, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");

  assert.match((await portHolder(port)) ?? "", new RegExp(`^pid ${process.pid} \\(node\\)$`));
});

test("portHolder() finds a listener on IPv6 too, and nobody on a free port", async (t) => {
  const server = createServer().listen(0, "::1");
  t.after(() => server.close());
  await once(server, "listening");
  const { port } = server.address() as { port: number };

  assert.match((await portHolder(port)) ?? "", new RegExp(`^pid ${process.pid} `));
  assert.equal(await portHolder(await freePort()), undefined);
});
