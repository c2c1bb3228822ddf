import assert from "node:assert/strict";
import { Agent } from "node:https";
import test from "node:test";
import { get } from "../support/client.ts";
import { clientHello } from "../support/client-hello.ts";
import { allClosed, openCrowd } from "../support/crowd.ts";
import { startServer } from "../support/server.ts";

const CROWD = 2_000;

test("2,000 silent connections and 2,000 that stop in their ClientHello are all cut, and others served meanwhile", async (t) => {
  const { server, port } = await startServer(t, { limits: { handshakeTimeoutMs: 1_000 } });
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  let isCrowded = true;
  let answered = 0;
  const visitor = async (options: object) => {
    while (isCrowded) {
      assert.equal((await get(port, options)).status, 200);
      answered++;
      // Visitors, not a load test: what is shown is that they are served at all.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const visitors = [visitor({ agent }), visitor({})];

  const silent = await openCrowd(port, CROWD, Buffer.alloc(0));
  const halfway = await openCrowd(port, CROWD, clientHello(Buffer.from("localhost")).subarray(0, 40));
  await allClosed([...silent, ...halfway]);
  isCrowded = false;
  await Promise.all(visitors);
  agent.destroy();

  while (server.state().connections > 0) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(server.state().handshakes.failed, 2 * CROWD);
  assert.ok(answered > 0);
  t.diagnostic(`${answered} requests answered meanwhile`);
});
