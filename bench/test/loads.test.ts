import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { privateCa } from "../../tools/servers/src/index.ts";
import { startPart } from "../src/part.ts";
import type { HandshakeHandlers } from "../src/parts/handshake-load.ts";
import type { HttpLoadHandlers } from "../src/parts/http-load.ts";
import type { IdleHandlers } from "../src/parts/idle-connections.ts";
import { HOST, NOTE_PATH } from "../src/parts/note.ts";

const MILLISECONDS = 50;

/** Serves over TLS until the test ends; returns the port. */
async function serve(t: TestContext, listener: RequestListener): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), "bench-loads-"));
  t.after(() => rmSync(dir, { recursive: true }));
  const { keyPem, certificatePem } = await (await privateCa({ dir })).issue({ hosts: [HOST] });
  const server = createServer({ key: keyPem, cert: certificatePem }, listener).listen(0, "127.0.0.1");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

const answerWith =
  (status: number): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, { "content-length": 2 }).end("{}");

test("a visit counts when it was answered with 200, and no other", async (t) => {
  await using load = await startPart<HandshakeHandlers>("handshake-load.ts", { core: "helper" });
  const visit = { group: "X25519", asks: true, milliseconds: MILLISECONDS, pid: process.pid };
  const [good, bad, silent] = await Promise.all([
    serve(t, answerWith(200)),
    serve(t, answerWith(500)),
    serve(t, (request) => void request.socket.end()),
  ]);

  assert.ok((await load.ask("run", { ...visit, port: good })).count > 0);
  await assert.rejects(load.ask("run", { ...visit, port: bad }), /answered with "HTTP\/1\.1 500/);
  await assert.rejects(load.ask("run", { ...visit, port: silent }), /answered with ""/);
});

test("a load ends with what was answered in place of 200", async (t) => {
  const port = await serve(t, answerWith(500));
  await using load = await startPart<HttpLoadHandlers>("http-load.ts", { core: "helper" });
  const request = { port, secure: true, host: HOST, path: NOTE_PATH, connections: 3, pids: [process.pid] };

  await assert.rejects(
    load.ask("run", { ...request, milliseconds: MILLISECONDS }),
    /not answered with 200 but with 500/,
  );
});

test("an idle connection that the server closed does not count as open", async (t) => {
  const isKept = [true, true, false];
  const port = await serve(t, (_request, response) => {
    const connection = isKept.pop() ? "keep-alive" : "close";
    response.writeHead(200, { "content-length": 2, connection }).end("{}");
  });
  await using clients = await startPart<IdleHandlers>("idle-connections.ts", { core: "helper" });
  const target = { port, secure: true, host: HOST, path: NOTE_PATH };

  assert.equal(await clients.ask("open", { ...target, connections: 3 }), 3);

  while ((await clients.ask("countOpen", null)) !== 2);
});
