import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type PrivateCa, privateCa } from "@sealed/servers";
import { untilReady } from "../src/readiness.ts";

let directory: string;
let ca: PrivateCa;
let server: Server;
let port: number;
let status = 200;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), "sealed-readiness-"));
  ca = await privateCa({ dir: directory });
  const { keyPem, certificatePem } = await ca.issue();
  server = createServer({ key: keyPem, cert: certificatePem }, (_request, response) => {
    response.writeHead(status).end();
    // The next one is good: the question is asked until it is.
    status = 200;
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
after(async () => {
  server.close();
  await rm(directory, { recursive: true, force: true });
});

test("a path is ready when it answers 200 and every instance is in service, not before", async () => {
  status = 503;
  const inService = [false, false, true];

  await untilReady({
    port,
    caPem: ca.certificatePem,
    areAllInService: () => Promise.resolve(inService.shift() === true),
    signal: new AbortController().signal,
  });

  assert.deepEqual(inService, []);
});

test("a path whose certificate another CA signed is not ready", async (t) => {
  const elsewhere = await mkdtemp(join(tmpdir(), "sealed-readiness-"));
  t.after(() => rm(elsewhere, { recursive: true, force: true }));
  const stranger = await privateCa({ dir: elsewhere });
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 300);

  const waiting = untilReady({ port, caPem: stranger.certificatePem, signal: stop.signal });

  await assert.rejects(waiting, { name: "AbortError" });
});
