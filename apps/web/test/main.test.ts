import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { selfSigned } from "@sealed/tls";
import { type Setting, settings } from "../src/settings.ts";
import { get, SETTINGS, startApp } from "./app-process.ts";

const NOT_A_CERTIFICATE = fileURLToPath(import.meta.url);

/** Returns the settings for a certificate of these names, written to a folder of this test. */
async function certificateFiles(t: TestContext, hosts: string[]): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), "sealed-web-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const { cert, key } = await selfSigned({ hosts }).load();
  const [certificateFile, keyFile] = [join(folder, "certificate.pem"), join(folder, "key.pem")];
  await writeFile(certificateFile, cert);
  await writeFile(keyFile, key, { mode: 0o600 });
  return { TLS_SOURCE: "files", TLS_CERTIFICATE_FILE: certificateFile, TLS_KEY_FILE: keyFile };
}

test("ends with 2 and every problem by name on standard error when settings are missing or wrong", async () => {
  await using app = startApp({ HTTPS_PORT: "many", LOG_LEVEL: "loud" });

  const { code, stderr } = await app.ended;

  assert.equal(code, 2);
  const always = settings
    .filter((setting: Setting) => setting.requiredWhen === "always")
    .map(({ name }) => name);
  for (const name of [...always, "HTTPS_PORT", "LOG_LEVEL"])
    assert.match(stderr, new RegExp(`^ {2}${name} `, "m"));
  assert.doesNotMatch(stderr, /\.ts:|\bat /);
  assert.deepEqual(app.lines, []);
});

test("ends with 2 for values that only the database package can judge", async () => {
  await using wrongRegion = startApp({ ...SETTINGS, AWS_REGION: "mars-1" });
  await using wrongRoots = startApp({ ...SETTINGS, DB_CA_FILE: NOT_A_CERTIFICATE });

  for (const [app, name] of [
    [wrongRegion, "AWS_REGION"],
    [wrongRoots, "DB_CA_FILE"],
  ] as const) {
    const { code, stderr } = await app.ended;
    assert.equal(code, 2);
    assert.match(stderr, new RegExp(`^ {2}${name} cannot be used: `, "m"));
  }
});

test("starts while the database is down, says so in /readyz, and ends with 0 when it is told to stop", async () => {
  await using app = startApp(SETTINGS);
  const { port, fingerprint256 } = await app.line("listening");
  assert.match(String(fingerprint256), /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);

  const [live, ready, notes] = await Promise.all(
    ["/livez", "/readyz", "/notes"].map((path) => get(Number(port), path)),
  );
  assert.deepEqual([live?.status, ready?.status, notes?.status], [200, 503, 503]);
  assert.match(ready?.body ?? "", /"codes":\["DB_[A-Z_]+"\]/);

  app.child.kill("SIGTERM");
  assert.deepEqual(await app.ended, { code: 0, signal: null, stderr: "" });
  assert.equal(app.lines.at(-1)?.msg, "drained");
});

test("still answers while it drains, but calls itself not ready", async () => {
  await using app = startApp({ ...SETTINGS, DRAIN_SECONDS: "2" });
  const { port } = await app.line("listening");

  app.child.kill("SIGTERM");
  await app.line("draining");

  assert.equal((await get(Number(port), "/livez")).status, 200);
  assert.deepEqual(await get(Number(port), "/readyz"), {
    status: 503,
    body: '{"ready":false,"codes":["DRAINING"]}',
  });
  assert.equal((await app.ended).code, 0);
});

test("ends at once at the second signal, by that signal", async () => {
  await using app = startApp({ ...SETTINGS, DRAIN_SECONDS: "600" });
  await app.line("listening");

  app.child.kill("SIGTERM");
  await app.line("draining");
  app.child.kill("SIGINT");

  assert.equal((await app.ended).signal, "SIGINT");
});

test("ends with 0 when it is told to stop before it listens", async () => {
  const preload = new URL("early-signal.ts", import.meta.url).href;
  await using app = startApp({ ...SETTINGS, DRAIN_SECONDS: "600" }, ["--import", preload]);

  assert.deepEqual(await app.ended, { code: 0, signal: null, stderr: "" });
  assert.ok(app.lines.some(({ msg }) => msg === "drained"));
});

test("ends with 1 and names the port when it is taken", async (t) => {
  const other = createServer().listen(0, "127.0.0.1");
  t.after(() => other.close());
  await once(other, "listening");
  const { port } = other.address() as { port: number };

  await using app = startApp({ ...SETTINGS, HTTPS_PORT: String(port) });

  const { err, level, ...line } = await app.line("cannot listen");
  assert.deepEqual([level, line.port, (err as { code: string }).code], ["fatal", port, "EADDRINUSE"]);
  assert.equal((await app.ended).code, 1);
});

test("ends with 1 and says what is wrong with the certificate, before it listens", async () => {
  await using app = startApp({
    ...SETTINGS,
    TLS_SOURCE: "files",
    TLS_CERTIFICATE_FILE: NOT_A_CERTIFICATE,
    TLS_KEY_FILE: NOT_A_CERTIFICATE,
  });

  const { err } = await app.line("cannot start");
  assert.equal((err as { code: string }).code, "TLS_NO_CERTIFICATE");
  assert.equal((await app.ended).code, 1);
  assert.ok(!app.lines.some(({ msg }) => msg === "listening"));
});

test("ends with 1 when the certificate that clients meet does not name a public host", async (t) => {
  const files = await certificateFiles(t, ["other.example"]);

  await using app = startApp({ ...SETTINGS, ...files });

  const { err } = await app.line("cannot start");
  assert.match((err as Error).message, /does not name localhost; it names DNS:other\.example/);
  assert.equal((await app.ended).code, 1);
});

test("asks the certificate for no name where only a load balancer meets it", async (t) => {
  const files = await certificateFiles(t, ["other.example"]);

  await using app = startApp({
    ...SETTINGS,
    ...files,
    TOPOLOGY: "alb-reencrypt",
    TRUSTED_PROXIES: "127.0.0.1/32",
  });

  const { tlsSource } = await app.line("listening");
  assert.equal(tlsSource, "files");
});

test("ends with 1 at an error that nobody handled, and logs it without secrets", async () => {
  await using app = startApp(SETTINGS, ["--import", new URL("planted-error.ts", import.meta.url).href]);
  await app.line("listening");

  app.child.kill("SIGUSR2");

  const line = await app.line("uncaught error: the process ends");
  const { code, stderr } = await app.ended;
  assert.deepEqual([line.level, code, stderr], ["fatal", 1, ""]);
  assert.doesNotMatch(JSON.stringify(app.lines), /PLANTED-SECRET/);
});

test("listens without TLS in the lesson topology only, where it is asked to", async () => {
  await using app = startApp({
    ...SETTINGS,
    TOPOLOGY: "alb-terminate",
    TRUSTED_PROXIES: "127.0.0.1/32",
    UNSEALED_PLAIN_HTTP: "true",
  });
  const { port, tlsSource } = await app.line("listening");

  assert.equal(tlsSource, "none");
  assert.equal((await get(Number(port), "/livez", "http")).status, 200);
  app.child.kill("SIGINT");
  assert.equal((await app.ended).code, 0);
});

test("logs no setting whole: neither keys nor the environment", async () => {
  await using app = startApp({ ...SETTINGS, AWS_SECRET_ACCESS_KEY: "PLANTED-KEY", LOG_LEVEL: "debug" });
  const { port } = await app.line("listening");
  await get(Number(port), "/readyz");

  app.child.kill("SIGTERM");
  const { stderr } = await app.ended;

  assert.doesNotMatch(stderr + JSON.stringify(app.lines), /PLANTED-KEY|X-Amz-Signature/);
});
