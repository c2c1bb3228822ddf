import assert from "node:assert/strict";
import { once } from "node:events";
import test from "node:test";
import { exchangeBytes, get, handshake } from "../support/client.ts";
import { startServer } from "../support/server.ts";

const TLS12 = { minVersion: "TLSv1.2", maxVersion: "TLSv1.2" } as const;
const TIMES = 200;

/** Returns the code with which a client's own attempt to renegotiate ends. */
async function renegotiate(port: number): Promise<string | undefined> {
  const socket = await handshake(port, TLS12);
  const outcome = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
    socket.renegotiate({}, resolve);
    socket.once("error", resolve);
  });
  socket.destroy();
  return outcome?.code;
}

test(`refuses each of ${TIMES} attempts to renegotiate, and goes on`, async (t) => {
  const { port } = await startServer(t);
  const before = process.cpuUsage();
  const outcomes = new Set<string | undefined>();
  for (let time = 0; time < TIMES; time++) outcomes.add(await renegotiate(port));
  const { user, system } = process.cpuUsage(before);

  assert.deepEqual([...outcomes], ["ERR_SSL_NO_RENEGOTIATION"]);
  assert.equal((await get(port)).status, 200);
  t.diagnostic(`${Math.round((user + system) / 1_000)} ms of processor time, clients included`);
});

test(`closes plain HTTP without an answer, ${TIMES} times, counts each and goes on`, async (t) => {
  const { server, port } = await startServer(t);
  const answers = new Set<string>();
  for (let time = 0; time < TIMES; time++) {
    answers.add(await exchangeBytes(port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  }

  assert.deepEqual([...answers], [""]);
  assert.equal(server.state().httpOnTls, TIMES);
  assert.equal(server.state().handshakes.failed, TIMES);
  assert.equal((await get(port)).status, 200);
});

test("survives garbage in place of a handshake and counts each as failed", async (t) => {
  const { server, port } = await startServer(t);

  for (const bytes of [
    "\x16\x03\x01\xff\xff",
    "\0".repeat(100),
    "SSH-2.0-x\r\n",
    "\x16\x03\x01\0\x05hello",
  ]) {
    await exchangeBytes(port, `${bytes}${"x".repeat(20_000)}`);
  }

  assert.equal(server.state().handshakes.failed, 4);
  assert.equal(server.state().httpOnTls, 0);
  assert.equal((await get(port)).status, 200);
});

test("an HTTP/2 preface without negotiation gets 400 and the connection is closed", async (t) => {
  const { port } = await startServer(t);
  const socket = await handshake(port);
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  await once(socket, "close");

  assert.match(answer, /^HTTP\/1\.1 400 /);
});

test("bytes that are no HTTP end their connection, and no other", async (t) => {
  const { server, port } = await startServer(t);
  const [other, socket] = [await handshake(port), await handshake(port)];
  const closed = once(socket.resume(), "close");
  socket.write("\x16\x03\x01 no HTTP\r\n\r\n");
  await closed;

  other.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  assert.match(String((await once(other, "data"))[0]), /^HTTP\/1\.1 200 /);
  assert.equal(server.state().connections, 1);
  other.destroy();
});
