import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import test from "node:test";
import { ResourceNotFoundException } from "@aws-sdk/client-secrets-manager";
import { provideKeyPair } from "../../functions/backend-key-pair/key-pair.ts";
import { fakeClient } from "../support/fake-client.ts";

const secretArn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:key-1";
const event = {
  RequestType: "Create",
  ResourceProperties: { secretArn, host: "app.sealed.internal" },
} as const;
const now = new Date("2030-01-01T00:00:00Z");

/** A secret that keeps what is put into it. */
function secretStore() {
  let stored: string | undefined;
  return fakeClient((name, input) => {
    if (name === "PutSecretValueCommand") stored = String(input.SecretString);
    else if (stored === undefined)
      throw new ResourceNotFoundException({ message: "no value", $metadata: {} });
    return { SecretString: stored };
  });
}

test("makes a key pair, stores it, and answers with its public key and nothing else", async () => {
  const client = secretStore();

  const answer = await provideKeyPair(event, client, now);

  const stored = JSON.parse(String(client.sent.at(-1)?.input.SecretString)) as { key: string; cert: string };
  const spki = createPublicKey(createPrivateKey(stored.key)).export({ type: "spki", format: "der" });
  assert.deepEqual(answer, { PhysicalResourceId: secretArn, Data: { publicKey: spki.toString("base64") } });
  assert.ok(new X509Certificate(stored.cert).checkPrivateKey(createPrivateKey(stored.key)));
});

test("the public key has no PEM frame, as the load balancer wants it", async () => {
  const { Data } = await provideKeyPair(event, secretStore(), now);

  assert.match(Data?.publicKey ?? "", /^MIIB[A-Za-z0-9+/=]+$/);
});

test("keeps the pair of an earlier deployment", async () => {
  const client = secretStore();
  const first = await provideKeyPair(event, client, now);

  const second = await provideKeyPair({ ...event, RequestType: "Update" }, client, new Date("2031-01-01"));

  assert.deepEqual(second, first);
  assert.equal(client.sent.filter(({ name }) => name === "PutSecretValueCommand").length, 1);
});

test("leaves the secret to CloudFormation when the stack goes", async () => {
  const client = secretStore();

  await provideKeyPair({ ...event, RequestType: "Delete" }, client, now);

  assert.deepEqual(client.sent, []);
});

test("fails the deployment when the secret cannot be read", async () => {
  const client = fakeClient(() => {
    throw new Error("AccessDeniedException");
  });

  await assert.rejects(provideKeyPair(event, client, now), /AccessDenied/);
});
