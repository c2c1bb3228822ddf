import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { appUnderTest, HOST } from "./app-under-test.ts";
import { memoryStore } from "./memory-store.ts";

const NOTE = '{"title":"Shopping"}';
const WRITE = [
  "POST /api/notes HTTP/1.1",
  `Host: ${HOST}`,
  "Content-Type: application/json",
  `Content-Length: ${NOTE.length}`,
];

/** Sends a request to an app whose store does not answer, goes away, and returns what was logged of it. */
async function abandon(lines: readonly string[], body: string) {
  const begun = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const store = memoryStore();
  const held =
    <A extends unknown[], R>(act: (...args: A) => Promise<R>) =>
    async (...args: A) => {
      begun.resolve();
      await release.promise;
      return act(...args);
    };
  const { app, logged } = appUnderTest({
    store: { ...store, create: held(store.create), list: held(store.list) },
  });
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  const received = once(server, "request");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.write(`${lines.join("\r\n")}\r\n\r\n${body}`);
  await (body.length < NOTE.length && body !== "" ? received : begun.promise);
  socket.destroy();
  while (logged().length === 0) await nextTurn();
  release.resolve();
  server.close();
  const [{ level, method, path, status, msg, clientIp } = {}] = logged();
  return { level, method, path, status, msg, clientIp };
}

test("a write that came whole leaves a line that everybody sees, although its client went away", async () => {
  assert.deepEqual(await abandon(WRITE, NOTE), {
    level: "info",
    method: "POST",
    path: "/api/notes",
    status: undefined,
    msg: "client went away",
    clientIp: "127.0.0.1",
  });
});

test("a write that did not come whole, and a reading whose client went away, are lines for whoever asks", async () => {
  const half = await abandon(WRITE, NOTE.slice(0, 5));
  const reading = await abandon(["GET /api/notes HTTP/1.1", `Host: ${HOST}`], "");

  assert.deepEqual([half.level, half.msg], ["debug", "client went away"]);
  assert.deepEqual([reading.level, reading.msg], ["debug", "client went away"]);
});
