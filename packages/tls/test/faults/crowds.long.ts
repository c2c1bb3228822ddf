import assert from "node:assert/strict";
import test from "node:test";
import { until } from "@sealed/faults";
import { createTlsServer, selfSigned } from "../../src/index.ts";
import { get, handshake } from "../support/client.ts";
import { openSockets } from "../support/descriptors.ts";
import { settledMemoryBytes } from "../support/memory.ts";
import { issue } from "../support/pki.ts";
import { LARGE_ANSWERS, RESET_MOMENTS } from "../support/reset-moments.ts";
import { listen, startServer } from "../support/server.ts";
import { SwitchableSource } from "../support/switchable-source.ts";

const MIB = 1024 * 1024;
const TLS12 = { minVersion: "TLSv1.2", maxVersion: "TLSv1.2" } as const;

/** Says how much memory `work` left behind, after a first part of it had warmed everything up. */
async function grownMib(warmUp: () => Promise<void>, work: () => Promise<void>): Promise<number> {
  await warmUp();
  const before = settledMemoryBytes();
  await work();
  return (settledMemoryBytes() - before) / MIB;
}

async function times(count: number, work: () => Promise<unknown>): Promise<void> {
  for (let time = 0; time < count; time++) await work();
}

for (const [moment, open] of Object.entries(RESET_MOMENTS)) {
  test(`survives 1,000 connections that are reset ${moment}, while certificates are swapped`, async (t) => {
    const pairs = [await issue(), await issue()];
    const source = new SwitchableSource(pairs[0] ?? assert.fail());
    const { server, port } = await startServer(t, { source }, LARGE_ANSWERS);
    const socketsBefore = openSockets();
    for (let round = 0; round < 1_000; round++) {
      source.give(pairs[round % 2] ?? assert.fail());
      const [socket] = await Promise.all([open(port), server.reload()]);
      socket.resetAndDestroy();
    }

    await until(() => server.state().connections === 0 && openSockets() === socketsBefore);
    assert.equal((await get(port)).body, "ok");
  });
}

test("10,000 header bombs leave less than 20 MiB behind", async (t) => {
  const { server, port } = await startServer(t);
  const bombs = [
    `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(20_000)}\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: a\r\n${"X: y\r\n".repeat(3_000)}\r\n`,
  ];
  const throwBoth = async () => {
    for (const bomb of bombs) {
      const socket = await handshake(port);
      socket.resume().end(bomb);
      await new Promise((resolve) => socket.once("close", resolve));
    }
  };

  const grown = await grownMib(
    () => times(500, throwBoth),
    () => times(4_500, throwBoth),
  );

  t.diagnostic(`${grown.toFixed(1)} MiB more after 9,000 of 10,000`);
  assert.ok(grown < 20, `${grown} MiB more`);
  assert.equal(server.state().connections, 0);
});

test("1,000 attempts to renegotiate are refused, for less than a second of one core each thousand", async (t) => {
  const { port } = await startServer(t);
  const attempt = async () => {
    const socket = await handshake(port, TLS12);
    const outcome = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
      socket.renegotiate({}, resolve);
      socket.once("error", resolve);
    });
    socket.destroy();
    assert.equal(outcome?.code, "ERR_SSL_NO_RENEGOTIATION");
  };
  const handshakeOnly = async () => void (await handshake(port, TLS12)).destroy();
  const cost = async (work: () => Promise<void>) => {
    const before = process.cpuUsage();
    await times(1_000, work);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };

  const [handshakesMs, attemptsMs] = [await cost(handshakeOnly), await cost(attempt)];

  // Of the clients too. Processor time, which does not grow while the machine does other things.
  assert.ok(attemptsMs - handshakesMs < 1_000, `${attemptsMs - handshakesMs} ms`);
  t.diagnostic(
    `1,000 attempts: ${Math.round(attemptsMs)} ms of processor time, both ends; 1,000 handshakes without one: ${Math.round(handshakesMs)} ms`,
  );
});

test("1,000 servers made, used and disposed of leave less than 20 MiB behind", async (t) => {
  const live = async () => {
    await using server = await createTlsServer((_request, response) => response.end("ok"), {
      source: selfSigned(),
    });
    assert.equal((await get(await listen(server))).body, "ok");
  };
  const socketsBefore = openSockets();

  const grown = await grownMib(
    () => times(100, live),
    () => times(900, live),
  );

  t.diagnostic(`${grown.toFixed(1)} MiB more after 900 of 1,000`);
  assert.ok(grown < 20, `${grown} MiB more`);
  await until(() => openSockets() === socketsBefore);
});
