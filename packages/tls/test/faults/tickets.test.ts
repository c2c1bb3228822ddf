import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test from "node:test";
import type { TlsServer } from "../../src/index.ts";
import { get, handshake, sessionFrom } from "../support/client.ts";
import { issue } from "../support/pki.ts";
import { startServer } from "../support/server.ts";
import { SwitchableSource } from "../support/switchable-source.ts";

const TIMES = 100;

interface Started {
  readonly server: TlsServer;
  readonly port: number;
}

/** Takes sessions of one server to another, with a request each, and returns how many that one resumed. */
async function countResumed(from: Started, to: Started): Promise<number> {
  const before = to.server.state().handshakes.resumed;
  for (let time = 0; time < TIMES; time++) {
    assert.equal((await get(to.port, { session: await sessionFrom(from.port) })).status, 200);
  }
  return to.server.state().handshakes.resumed - before;
}

test("a session from before a swap is resumed after it", async (t) => {
  const source = new SwitchableSource(await issue());
  const { server, port } = await startServer(t, { source });
  const session = await sessionFrom(port);
  source.give(await issue());
  await server.reload();
  const socket = await handshake(port, { session });

  assert.equal(socket.isSessionReused(), true);
  socket.destroy();
});

test("two servers with the same ticket keys resume each other's sessions every time, after a swap too", async (t) => {
  const ticketKeys = randomBytes(48);
  const source = new SwitchableSource(await issue());
  const [one, two] = [await startServer(t, { ticketKeys }), await startServer(t, { source, ticketKeys })];

  assert.equal(await countResumed(one, two), TIMES);
  source.give(await issue());
  assert.equal(await two.server.reload(), "swapped");
  assert.equal(await countResumed(one, two), TIMES);
});

test("after the ticket keys were replaced every session leads to a full handshake, and none to an error", async (t) => {
  const [old, renewed] = [await startServer(t), await startServer(t)];

  // Node holds one ticket key and no earlier one: a rotation costs each client one full handshake.
  assert.equal(await countResumed(old, renewed), 0);
  assert.equal(renewed.server.state().handshakes.failed, 0);
  assert.equal(renewed.server.state().handshakes.ok, TIMES);
});

test("a ticket that was tampered with leads to a full handshake, not to an error", async (t) => {
  const { server, port } = await startServer(t);
  for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
    const session = await sessionFrom(port, { maxVersion });
    // Within the ticket, which is the longest part and the last but a few bytes.
    const at = session.length - 60;
    session[at] = (session[at] ?? 0) ^ 1;
    assert.equal((await get(port, { maxVersion, session })).status, 200);
  }

  assert.equal(server.state().handshakes.failed, 0);
  assert.equal(server.state().handshakes.resumed, 0);
});
