import assert from "node:assert/strict";
import { mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  createTlsServer,
  fromFiles,
  inspectCertificate,
  type RejectEvent,
  type TlsServer,
} from "../src/index.ts";
import { collect } from "./support/collect.ts";
import { type Issued, issue } from "./support/pki.ts";

const FAST = { debounceMs: 20, pollMs: 600_000, settleMs: 300 };

/** A directory of its own, with the pair in it. */
async function directoryWith(t: TestContext, pair: Issued) {
  const directory = await mkdtemp(join(tmpdir(), "tls-files-"));
  t.after(() => rm(directory, { recursive: true }));
  const paths = { keyPath: join(directory, "key.pem"), certPath: join(directory, "cert.pem") };
  await writePair(paths, pair);
  return { directory, ...paths };
}

async function writePair(
  { keyPath, certPath }: { keyPath: string; certPath: string },
  { key, cert }: Issued,
) {
  await writeFile(keyPath, key, { mode: 0o600 });
  await writeFile(certPath, cert);
}

async function startFrom(t: TestContext, options: Parameters<typeof fromFiles>[0]): Promise<TlsServer> {
  const server = await createTlsServer(() => undefined, { source: fromFiles(options) });
  t.after(() => server[Symbol.asyncDispose]());
  return server;
}

/** Waits until the server serves the pair; the test's own time limit ends it when that never happens. */
async function serving(server: TlsServer, pair: Issued): Promise<void> {
  const { fingerprint256 } = inspectCertificate(pair.cert);
  while (server.state().fingerprint256 !== fingerprint256) await sleep(10);
}

test("follows files that are written anew in place", { timeout: 20_000 }, async (t) => {
  const [first, second, third] = [await issue(), await issue(), await issue()];
  const paths = await directoryWith(t, first);
  const server = await startFrom(t, { ...paths, ...FAST });

  for (const pair of [second, third]) {
    await writePair(paths, pair);
    await serving(server, pair);
  }

  assert.equal(server.state().lastRejected, null);
});

test("follows files that are renamed into place, again and again", { timeout: 20_000 }, async (t) => {
  const paths = await directoryWith(t, await issue());
  const server = await startFrom(t, { ...paths, ...FAST });

  for (let round = 0; round < 3; round++) {
    const pair = await issue();
    await writePair({ keyPath: `${paths.keyPath}.new`, certPath: `${paths.certPath}.new` }, pair);
    await rename(`${paths.keyPath}.new`, paths.keyPath);
    await rename(`${paths.certPath}.new`, paths.certPath);
    await serving(server, pair);
  }
});

test("follows a directory link that is swapped in one step, as Kubernetes does it", {
  timeout: 20_000,
}, async (t) => {
  const { directory } = await directoryWith(t, await issue());
  const version = async (name: string) => {
    const pair = await issue();
    await mkdir(join(directory, name));
    await writePair(
      { keyPath: join(directory, name, "tls.key"), certPath: join(directory, name, "tls.crt") },
      pair,
    );
    await symlink(name, join(directory, "..next"));
    await rename(join(directory, "..next"), join(directory, "..data"));
    return pair;
  };
  await version("..1");
  const paths = { keyPath: join(directory, "tls.key"), certPath: join(directory, "tls.crt") };
  await symlink("..data/tls.key", paths.keyPath);
  await symlink("..data/tls.crt", paths.certPath);
  const server = await startFrom(t, { ...paths, ...FAST });

  for (const name of ["..2", "..3"]) await serving(server, await version(name));

  assert.equal(server.state().lastRejected, null);
});

test("does not apply a pair that is half-written, and applies it when it is whole", {
  timeout: 20_000,
}, async (t) => {
  const rejects = collect<RejectEvent>(t, "tls:reject");
  const [first, second] = [await issue(), await issue()];
  const paths = await directoryWith(t, first);
  const server = await startFrom(t, { ...paths, ...FAST });

  await writeFile(paths.keyPath, second.key);
  while (rejects.length === 0) await sleep(10);
  await writeFile(paths.certPath, second.cert.slice(0, 100));
  while (rejects.length === 1) await sleep(10);
  const { fingerprint256, swaps } = server.state();
  await writeFile(paths.certPath, second.cert);
  await serving(server, second);

  assert.deepEqual(
    rejects.map(({ code }) => code),
    ["TLS_KEY_MISMATCH", "TLS_PEM_TRUNCATED"],
  );
  assert.deepEqual([fingerprint256, swaps], [inspectCertificate(first.cert).fingerprint256, 0]);
});

for (const [what, begin] of [
  ["whose certificate is missing", (certPath: string) => unlink(certPath)],
  ["whose certificate is still the old one", () => undefined],
  ["whose certificate is empty", (certPath: string) => writeFile(certPath, "")],
] as const) {
  test(`waits for a pair ${what} instead of handing it on`, async (t) => {
    const [first, second] = [await issue(), await issue()];
    const paths = await directoryWith(t, first);
    const source = fromFiles({ ...paths, settleMs: 10_000 });
    await writeFile(paths.keyPath, second.key);
    await begin(paths.certPath);
    const loading = source.load();
    await sleep(150);
    await writeFile(paths.certPath, second.cert);

    assert.equal((await loading).cert, second.cert);
  });
}

test("sees without a watch, by its poll, what was replaced above the watched directory", {
  timeout: 20_000,
}, async (t) => {
  const [first, second] = [await issue(), await issue()];
  const { directory } = await directoryWith(t, first);
  for (const [name, pair] of [
    ["one", first],
    ["two", second],
  ] as const) {
    await mkdir(join(directory, name));
    await writePair(
      { keyPath: join(directory, name, "key.pem"), certPath: join(directory, name, "cert.pem") },
      pair,
    );
  }
  await symlink("one", join(directory, "current"));
  const paths = {
    keyPath: join(directory, "current", "key.pem"),
    certPath: join(directory, "current", "cert.pem"),
  };
  const server = await startFrom(t, { ...paths, ...FAST, pollMs: 50 });

  await symlink("two", join(directory, "next"));
  await rename(join(directory, "next"), join(directory, "current"));

  await serving(server, second);
});

test("keeps serving when the files vanish, and takes up what comes in their place", {
  timeout: 20_000,
}, async (t) => {
  const rejects = collect<RejectEvent>(t, "tls:reject");
  const second = await issue();
  const paths = await directoryWith(t, await issue());
  const server = await startFrom(t, { ...paths, ...FAST });

  await unlink(paths.keyPath);
  while (rejects.length === 0) await sleep(10);
  await writePair(paths, second);
  await serving(server, second);

  assert.deepEqual(
    rejects.map(({ code }) => code),
    ["TLS_SOURCE_FAILED"],
  );
});

test("does not start from files that are not there, and names them", async () => {
  const source = fromFiles({ keyPath: "/nowhere/key.pem", certPath: "/nowhere/cert.pem", settleMs: 0 });

  await assert.rejects(
    createTlsServer(() => undefined, { source }),
    { code: "TLS_NO_CERTIFICATE", message: /"\/nowhere\/key\.pem" \(ENOENT\)/ },
  );
});

test("keeps serving when the directory itself vanishes, and takes up what comes back", async (t) => {
  const pair = await issue();
  const paths = await directoryWith(t, pair);
  const server = await startFrom(t, { ...paths, ...FAST, pollMs: 30 });
  await rm(paths.directory, { recursive: true });
  const second = await issue();
  await sleep(100);
  await mkdir(paths.directory);
  await writePair(paths, second);

  await serving(server, second);
});
