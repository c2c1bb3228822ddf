import assert from "node:assert/strict";
import test from "node:test";
import { startFaultProxy, until } from "@sealed/faults";
import { get } from "../support/client.ts";
import { openSockets } from "../support/descriptors.ts";
import { issue } from "../support/pki.ts";
import { LARGE_ANSWERS, RESET_MOMENTS } from "../support/reset-moments.ts";
import { startServer } from "../support/server.ts";
import { SwitchableSource } from "../support/switchable-source.ts";

const ROUNDS = 50;

for (const [moment, open] of Object.entries(RESET_MOMENTS)) {
  test(`survives connections that are reset ${moment}, while certificates are swapped`, async (t) => {
    const pairs = [await issue(), await issue()];
    const source = new SwitchableSource(pairs[0] ?? assert.fail());
    const { server, port } = await startServer(t, { source }, LARGE_ANSWERS);
    const socketsBefore = openSockets();
    for (let round = 0; round < ROUNDS; round++) {
      source.give(pairs[round % 2] ?? assert.fail());
      const [socket] = await Promise.all([open(port), server.reload()]);
      socket.resetAndDestroy();
    }

    await until(() => server.state().connections === 0);
    await until(() => openSockets() === socketsBefore);
    assert.equal((await get(port)).body, "ok");
  });
}

for (const by of ["reset", "end"] as const) {
  test(`survives a connection that is ${by === "reset" ? "reset" : "closed"} at any byte of either direction`, async (t) => {
    const { server, port } = await startServer(t);
    await using proxy = await startFaultProxy({ target: { host: "127.0.0.1", port } });
    const outcomes = new Set<string>();
    for (const direction of ["toServer", "toClient"] as const) {
      for (let afterBytes = 0; afterBytes <= 2_000; afterBytes += 67) {
        proxy.cut(direction, { afterBytes, by });
        outcomes.add(
          await get(proxy.port).then(
            () => "answered",
            () => "failed",
          ),
        );
        await proxy.heal();
      }
    }

    await until(() => server.state().connections === 0);
    assert.deepEqual([...outcomes].sort(), ["answered", "failed"]);
    assert.equal((await get(proxy.port)).body, "ok");
  });
}
