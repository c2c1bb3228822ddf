import assert from "node:assert/strict";
import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import test from "node:test";
import { exportCertificate } from "../../functions/export-certificate/export.ts";
import { publishBundle } from "../../functions/publish-bundle/publish.ts";
import { fakeClient } from "../support/fake-client.ts";

const bundle = {
  sourceBucket: "assets",
  sourceKey: "abc.zip",
  targetBucket: "bundles",
  targetKey: "source-bundles/1.zip",
};
const certificate = {
  certificateArn: "arn:aws:acm:eu-west-1:111122223333:certificate/1",
  secretArn: "arn:secret",
};

test("copies the source bundle under the name that holds its hash", async () => {
  const client = fakeClient();

  const answer = await publishBundle({ RequestType: "Create", ResourceProperties: bundle }, client);

  assert.deepEqual(client.sent[0]?.input, {
    CopySource: "assets/abc.zip",
    Bucket: "bundles",
    Key: "source-bundles/1.zip",
  });
  assert.deepEqual(answer, { PhysicalResourceId: "bundles/source-bundles/1.zip" });
});

test("keeps published bundles for a roll-back when the stack goes", async () => {
  const client = fakeClient();

  await publishBundle({ RequestType: "Delete", ResourceProperties: bundle }, client);

  assert.deepEqual(client.sent, []);
});

/** ACM, which encrypts the key under the passphrase that it is given. */
function exporter() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const acm = fakeClient((_, { Passphrase }) => ({
    Certificate: "leaf\n",
    CertificateChain: "chain\n",
    PrivateKey: privateKey.export({
      type: "pkcs8",
      format: "pem",
      cipher: "aes-256-cbc",
      passphrase: Buffer.from(Passphrase as Buffer).toString(),
    }),
  }));
  return { acm, privateKey };
}

test("puts the exported certificate with its chain and its opened key into the secret", async () => {
  const { acm, privateKey } = exporter();
  const secrets = fakeClient();

  await exportCertificate({ RequestType: "Create", ResourceProperties: certificate }, { acm, secrets });

  const { key, cert } = JSON.parse(String(secrets.sent[0]?.input.SecretString)) as {
    key: string;
    cert: string;
  };
  assert.equal(cert, "leaf\nchain\n");
  assert.ok(createPrivateKey(key).equals(privateKey));
});

test("uses another passphrase for each export", async () => {
  const { acm } = exporter();
  const event = { RequestType: "Update", ResourceProperties: certificate } as const;

  await exportCertificate(event, { acm, secrets: fakeClient() });
  await exportCertificate(event, { acm, secrets: fakeClient() });

  const [first, second] = acm.sent.map(({ input }) => String(input.Passphrase));
  assert.notEqual(first, second);
});

test("exports nothing when the stack goes", async () => {
  const { acm } = exporter();

  await exportCertificate(
    { RequestType: "Delete", ResourceProperties: certificate },
    { acm, secrets: fakeClient() },
  );

  assert.deepEqual(acm.sent, []);
});
