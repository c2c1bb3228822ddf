import assert from "node:assert/strict";
import test from "node:test";
import { get, handshake } from "../support/client.ts";
import { settledMemoryBytes } from "../support/memory.ts";
import { startServer } from "../support/server.ts";

const BOMBS = {
  "a header of 20 kB": `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(20_000)}\r\n\r\n`,
  "3,000 headers": `GET / HTTP/1.1\r\nHost: a\r\n${"X: y\r\n".repeat(3_000)}\r\n`,
  "an address of 20 kB": `GET /${"x".repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
  "trailers of 20 kB": `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: ${"x".repeat(20_000)}\r\n\r\n`,
};
const MIB = 1024 * 1024;
const BOMBS_EACH = 50;

async function throwBomb(port: number, bomb: string): Promise<string> {
  const socket = await handshake(port);
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  socket.end(bomb);
  await new Promise((resolve) => socket.once("close", resolve));
  return answer;
}

for (const [what, bomb] of Object.entries(BOMBS)) {
  test(`answers 431 to ${what} each time, closes, and keeps nothing of it`, async (t) => {
    let requests = 0;
    const { server, port } = await startServer(t, {}, (request, response) => {
      requests++;
      request.on("end", () => response.end("ok")).resume();
    });
    const answers = new Set<string>();
    const throwMany = async () => {
      for (let count = 0; count < BOMBS_EACH; count++)
        answers.add((await throwBomb(port, bomb)).slice(0, 13));
    };
    await throwMany();
    const before = settledMemoryBytes();
    await throwMany();
    // The client sees the end first.
    while (server.state().connections > 0) await new Promise((resolve) => setImmediate(resolve));
    const grownMib = (settledMemoryBytes() - before) / MIB;

    assert.deepEqual([...answers], ["HTTP/1.1 431 "]);
    assert.ok(grownMib < 20, `${grownMib} MiB more`);
    t.diagnostic(`${grownMib.toFixed(1)} MiB more after ${BOMBS_EACH}`);
    assert.ok(requests === 0 || bomb.startsWith("POST"));
    assert.equal((await get(port)).status, 200);
  });
}
