import assert from "node:assert/strict";
import test from "node:test";
import { until } from "@sealed/faults";
import { createTlsServer, selfSigned } from "../../src/index.ts";
import { get, handshake } from "../support/client.ts";
import { openSockets } from "../support/descriptors.ts";
import { listen } from "../support/server.ts";

/** Kinds of handles that this process holds, each with how many. */
function handles(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

async function liveOnce(): Promise<void> {
  await using server = await createTlsServer((_request, response) => response.end("ok"), {
    source: selfSigned(),
  });
  const port = await listen(server);
  assert.equal((await get(port)).body, "ok");
  // Still open when the server is disposed of.
  await handshake(port);
}

test("50 servers made, used and disposed of leave no socket, timer or listener behind", async () => {
  await liveOnce();
  const before = { handles: handles(), sockets: openSockets(), listeners: process.eventNames().length };

  for (let cycle = 0; cycle < 50; cycle++) await liveOnce();

  await until(() => openSockets() === before.sockets);
  assert.deepEqual(handles(), before.handles);
  assert.equal(process.eventNames().length, before.listeners);
});

test("no timer is longer than Node can wait, however long a certificate lives", async (t) => {
  const warnings: string[] = [];
  const onWarning = ({ name }: Error) => void warnings.push(name);
  process.on("warning", onWarning);
  t.after(() => process.off("warning", onWarning));

  await using server = await createTlsServer(() => undefined, { source: selfSigned({ days: 398 }) });
  await new Promise((resolve) => setTimeout(resolve, 50));

  // Node turns a longer wait into one of 1 ms, and says so in a warning.
  assert.deepEqual(warnings, []);
  assert.equal(server.state().swaps, 0);
});
