import assert from "node:assert/strict";
import { createPrivateKey } from "node:crypto";
import test from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { type AcmClient, fromAcmExport, fromSecret, type SecretClient } from "../src/aws/index.ts";
import { createTlsServer } from "../src/index.ts";
import { repeatWithJitter } from "../src/timing/repeat.ts";
import { collect } from "./support/collect.ts";
import { type Issued, issue } from "./support/pki.ts";

const ARN = "arn:aws:acm:eu-west-1:123456789012:certificate/1";

function accessDenied(): Error {
  return Object.assign(new Error("User is not authorized"), { name: "AccessDeniedException" });
}

/** Secrets Manager with one secret, whose version and text the test sets. */
class FakeSecrets implements SecretClient {
  version = "v1";
  text = "";
  failure: Error | undefined;
  inputs: unknown[] = [];

  async send(command: Parameters<SecretClient["send"]>[0]) {
    this.inputs.push(command.input);
    if (this.failure !== undefined) throw this.failure;
    return { SecretString: this.text, VersionId: this.version, $metadata: {} };
  }

  put(version: string, { key, cert }: Issued, ca?: string): void {
    this.version = version;
    this.text = JSON.stringify({ key, cert, ca });
  }
}

/** ACM with one exportable certificate, which it renews when the test says so. */
class FakeAcm implements AcmClient {
  pair: Issued;
  exports = 0;

  constructor(pair: Issued) {
    this.pair = pair;
  }

  async getCertificate() {
    return { Certificate: this.pair.cert };
  }

  async exportCertificate({ Passphrase }: { Passphrase: Uint8Array }) {
    this.exports++;
    const passphrase = Buffer.from(Passphrase).toString();
    const PrivateKey = createPrivateKey(this.pair.key)
      .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase })
      .toString();
    return { Certificate: this.pair.cert, CertificateChain: "", PrivateKey };
  }
}

test("a real SecretsManagerClient is a client for fromSecret", () => {
  const client = new SecretsManagerClient({ region: "eu-west-1" });

  assert.equal(typeof fromSecret({ client, secretId: "s" }).load, "function");
  client.destroy();
});

test("reads key, certificate and chain from the current version of the secret", async () => {
  const client = new FakeSecrets();
  const [pair, authority] = [await issue(), await issue({ isCa: true })];
  client.put("v1", pair, authority.cert);

  const material = await fromSecret({ client, secretId: "tls" }).load();

  assert.deepEqual(
    { key: material.key, cert: material.cert, ca: material.ca, version: material.version },
    { key: pair.key, cert: pair.cert, ca: authority.cert, version: "v1" },
  );
  assert.deepEqual(client.inputs, [{ SecretId: "tls", VersionStage: "AWSCURRENT" }]);
});

test("delivers the very same material while the version stays, and the new one when it changes", async () => {
  const client = new FakeSecrets();
  client.put("v1", await issue());
  const source = fromSecret({ client, secretId: "tls" });

  const first = await source.load();
  assert.equal(await source.load(), first);
  client.put("v2", await issue());

  assert.equal((await source.load()).version, "v2");
});

test("delivers what a secret holds now where its versions have no names", async () => {
  const [first, second] = [await issue(), await issue()];
  let text = JSON.stringify({ key: first.key, cert: first.cert });
  const source = fromSecret({
    client: { send: async () => ({ SecretString: text, $metadata: {} }) },
    secretId: "tls",
  });

  assert.equal((await source.load()).cert, first.cert);
  text = JSON.stringify({ key: second.key, cert: second.cert });
  assert.equal((await source.load()).cert, second.cert);
});

test("refused access at the start fails fast and says what to check", async () => {
  const client = new FakeSecrets();
  client.failure = accessDenied();

  await assert.rejects(
    createTlsServer(() => undefined, { source: fromSecret({ client, secretId: "tls" }) }),
    {
      code: "TLS_NO_CERTIFICATE",
      message: /secret "tls": AccessDeniedException: .*secretsmanager:GetSecretValue/,
    },
  );
  assert.equal(client.inputs.length, 1);
});

test("polls for a new version, keeps the old certificate through an outage, and swaps when it is over", async (t) => {
  const rejects = collect(t, "tls:reject");
  const swaps = collect<{ version: string }>(t, "tls:swap");
  const [first, second] = [await issue(), await issue()];
  const client = new FakeSecrets();
  client.put("v1", first);
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const source = fromSecret({ client, secretId: "tls", pollMs: 1_000 });
  const server = await createTlsServer(() => undefined, { source });
  t.after(() => server[Symbol.asyncDispose]());
  const { fingerprint256 } = server.state();

  client.failure = accessDenied();
  t.mock.timers.tick(1_100);
  while (rejects.length === 0) await nextTurn();
  assert.equal(server.state().fingerprint256, fingerprint256);
  client.failure = undefined;
  client.put("v2", second);
  t.mock.timers.tick(1_100);
  while (swaps.length === 0) await nextTurn();

  assert.equal(swaps[0]?.version, "v2");
});

test("exports a certificate from ACM, opens its key, and exports again only after a renewal", async () => {
  const [first, second] = [await issue(), await issue()];
  const client = new FakeAcm(first);
  const source = fromAcmExport({ client, arn: ARN });

  const material = await source.load();
  assert.equal(await source.load(), material);
  assert.equal(client.exports, 1);
  client.pair = second;
  const renewed = await source.load();

  assert.equal(client.exports, 2);
  assert.deepEqual([material.cert, renewed.cert], [first.cert, second.cert]);
  assert.equal(createPrivateKey(renewed.key).equals(createPrivateKey(second.key)), true);
  assert.equal(material.ca, undefined);
});

test("serves a certificate exported from ACM", async (t) => {
  const server = await createTlsServer(() => undefined, {
    source: fromAcmExport({ client: new FakeAcm(await issue({ name: "CN=exported" })), arn: ARN }),
  });
  t.after(() => server[Symbol.asyncDispose]());

  assert.equal(server.state().subject, "CN=exported");
});

test("uses another passphrase for each export", async () => {
  const client = new FakeAcm(await issue());
  const seen = new Set<string>();
  const spy: AcmClient = {
    getCertificate: () => client.getCertificate(),
    exportCertificate(input) {
      seen.add(Buffer.from(input.Passphrase).toString());
      return client.exportCertificate(input);
    },
  };
  for (let round = 0; round < 3; round++) await fromAcmExport({ client: spy, arn: ARN }).load();

  assert.equal(seen.size, 3);
  for (const passphrase of seen) assert.match(passphrase, /^[0-9a-f]{64}$/);
});

test("says what to check when ACM refuses, and when a certificate is not exportable", async () => {
  const client = new FakeAcm(await issue());
  const refusing: AcmClient = {
    ...client,
    getCertificate: () => Promise.reject(accessDenied()),
    exportCertificate: client.exportCertificate,
  };
  const keyless: AcmClient = {
    getCertificate: () => client.getCertificate(),
    exportCertificate: async () => ({ Certificate: client.pair.cert }),
  };

  await assert.rejects(fromAcmExport({ client: refusing, arn: ARN }).load(), {
    code: "TLS_SOURCE_FAILED",
    message: /AccessDeniedException: .*acm:ExportCertificate/,
  });
  await assert.rejects(fromAcmExport({ client: keyless, arn: ARN }).load(), { code: "TLS_SOURCE_MALFORMED" });
});

test("says so when what ACM exported cannot be opened", async () => {
  const client = new FakeAcm(await issue());
  const damaging: AcmClient = {
    getCertificate: () => client.getCertificate(),
    exportCertificate: async () => ({ Certificate: client.pair.cert, PrivateKey: client.pair.cert }),
  };

  await assert.rejects(fromAcmExport({ client: damaging, arn: ARN }).load(), {
    name: "TlsError",
    code: "TLS_SOURCE_MALFORMED",
    message: /certificate\/1".*cannot be opened/,
  });
});

test("polls at intervals that differ by chance, until disposed of", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const chances = [0, 1, 0.5];
  let calls = 0;
  const poll = repeatWithJitter(
    1_000,
    () => calls++,
    () => chances.shift() ?? 0.5,
  );

  const callsAfter = (ms: number) => {
    t.mock.timers.tick(ms);
    return calls;
  };
  assert.deepEqual([callsAfter(899), callsAfter(1)], [0, 1]);
  assert.deepEqual([callsAfter(1_099), callsAfter(1)], [1, 2]);
  poll[Symbol.dispose]();
  assert.equal(callsAfter(5_000), 2);
});
