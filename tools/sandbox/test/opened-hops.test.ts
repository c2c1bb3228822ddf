import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { freePort, privateCa } from "@sealed/servers";
import type { SandboxState } from "../src/state.ts";
import { administer } from "./administer.ts";
import { ask, processesOf, type RunningCommand, runCommand } from "./running-sandbox.ts";

// A safety net against a hang; each test takes a few seconds.
const timeout = 120_000;

interface Report {
  verdict: string;
  hops: {
    id: string;
    sealed: boolean;
    authenticated: boolean;
    reason?: string;
    code?: string;
    protocol: string | null;
  }[];
}

let directory: string;
let sandbox: RunningCommand;
let state: SandboxState;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), "sealed-opened-"));
  sandbox = runCommand(directory, "start", "--port", String(await freePort()));
  state = await sandbox.ready();
});
after(async () => {
  sandbox.process.kill("SIGTERM");
  await sandbox.exited;
  for (const pid of await processesOf(directory)) process.kill(Number(pid), "SIGKILL");
  await rm(directory, { recursive: true, force: true });
});

async function report(): Promise<Report> {
  return JSON.parse((await ask(state, "/hops.json")).body);
}

/** Asks until the report is as `isExpected` says; the test's own timeout is the limit. */
async function reportOnce(isExpected: (report: Report) => boolean): Promise<Report> {
  for (;;) {
    const seen = await report();
    if (isExpected(seen)) return seen;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function databaseHop({ hops }: Report) {
  const hop = hops.find(({ id }) => id === "app-db");
  assert.ok(hop);
  return hop;
}

/** Ends the app's connections, so that its next statement needs a new handshake. */
async function endConnectionsOfApp(): Promise<void> {
  const rows = await administer<{ id: number }>(
    state,
    "SELECT id FROM information_schema.processlist WHERE user = 'app'",
  );
  for (const { id } of rows) await administer(state, `KILL ${id}`).catch(() => undefined);
}

test("a path as it should be is sealed on three hops, and says that an ALB authenticates nobody", {
  timeout,
}, async () => {
  const { verdict, hops } = await report();

  assert.equal(verdict, "sealed");
  assert.deepEqual(
    hops.map(({ id, sealed, authenticated }) => [id, sealed, authenticated]),
    [
      ["client-lb", true, false],
      ["lb-app", true, false],
      ["app-db", true, true],
    ],
  );
  for (const { protocol } of hops) assert.match(String(protocol), /^TLSv1\.[23]$/);
});

test("a database that also takes plain connections is an open hop, until it refuses them again", {
  timeout,
}, async () => {
  await administer(state, "SET GLOBAL require_secure_transport = OFF");
  const opened = await reportOnce(({ verdict }) => verdict === "open");
  assert.equal(databaseHop(opened).sealed, false);
  assert.match(databaseHop(opened).reason ?? "", /plain connections/);

  await administer(state, "SET GLOBAL require_secure_transport = ON");
  const closed = await reportOnce(({ verdict }) => verdict === "sealed");
  assert.equal(databaseHop(closed).sealed, true);
});

test("a database whose certificate another authority signed is not sealed, until the right one is back", {
  timeout,
}, async () => {
  const [good] = await administer<ServerCertificate>(
    state,
    "SELECT @@ssl_cert AS certificate, @@ssl_key AS `key`",
  );
  assert.ok(good);
  const impostor = await impostorCertificate();

  await serveCertificate(impostor);
  await endConnectionsOfApp();
  const hop = databaseHop(await reportOnce(({ verdict }) => verdict === "open"));
  assert.equal(hop.sealed, false);
  assert.equal(hop.authenticated, false);
  assert.equal(hop.code, "DB_UNTRUSTED_CERTIFICATE");

  await serveCertificate({ ...good, authority: state.caFile });
  await reportOnce(({ verdict }) => verdict === "sealed");
});

interface ServerCertificate {
  certificate: string;
  key: string;
  authority: string;
}

/** Makes a certificate for the right name, signed by an authority that the app does not trust. */
async function impostorCertificate(): Promise<ServerCertificate> {
  const ca = await privateCa({ dir: join(directory, "impostor"), name: "Impostor" });
  const { certificatePem, keyPem } = await ca.issue();
  const certificate = join(directory, "impostor.pem");
  const key = join(directory, "impostor-key.pem");
  await writeFile(certificate, certificatePem);
  await writeFile(key, keyPem, { mode: 0o600 });
  return { certificate, key, authority: ca.caFile };
}

/** Lets the running server present another certificate from the next handshake on. */
async function serveCertificate({ certificate, key, authority }: ServerCertificate): Promise<void> {
  await administer(
    state,
    // The server refuses a certificate that it cannot verify itself.
    `SET GLOBAL ssl_ca = '${authority}', GLOBAL ssl_cert = '${certificate}', GLOBAL ssl_key = '${key}'`,
    "ALTER INSTANCE RELOAD TLS",
  );
}
