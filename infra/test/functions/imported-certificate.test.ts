import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import test from "node:test";
import { ResourceInUseException, ResourceNotFoundException } from "@aws-sdk/client-acm";
import { importCertificate } from "../../functions/imported-certificate/import.ts";
import { fakeClient } from "../support/fake-client.ts";

const arn = "arn:aws:acm:eu-west-1:111122223333:certificate/1";
const properties = { host: "sandbox.internal", deployment: "sealed-sandbox" };
const now = new Date("2030-01-01T00:00:00Z");
const noSleep = () => Promise.resolve();

test("imports a self-signed certificate with its key, under the deployment's tag", async () => {
  const client = fakeClient(() => ({ CertificateArn: arn }));

  const answer = await importCertificate(
    { RequestType: "Create", ResourceProperties: properties },
    { client, now, sleep: noSleep },
  );

  const { Certificate, PrivateKey, Tags } = (client.sent[0]?.input ?? {}) as Record<string, Buffer>;
  const certificate = new X509Certificate(Certificate ?? "");
  assert.deepEqual(answer, { PhysicalResourceId: arn, Data: { arn } });
  assert.ok(certificate.checkPrivateKey(createPrivateKey(PrivateKey ?? "")));
  assert.equal(certificate.subjectAltName, "DNS:sandbox.internal");
  assert.equal(certificate.validToDate.toISOString().slice(0, 10), "2031-02-02");
  assert.deepEqual(Tags, [{ Key: "sealed:deployment", Value: "sealed-sandbox" }]);
});

test("waits until the load balancer has let go of the certificate, then removes it", async () => {
  let refusals = 2;
  const client = fakeClient(() => {
    if (refusals-- > 0) throw new ResourceInUseException({ message: "in use", $metadata: {} });
    return {};
  });

  await importCertificate(
    { RequestType: "Delete", PhysicalResourceId: arn, ResourceProperties: properties },
    { client, now, sleep: noSleep },
  );

  assert.equal(client.sent.length, 3);
});

test("gives up with the reason when the certificate stays in use", async () => {
  const client = fakeClient(() => {
    throw new ResourceInUseException({ message: "in use", $metadata: {} });
  });
  const event = { RequestType: "Delete", PhysicalResourceId: arn, ResourceProperties: properties } as const;

  await assert.rejects(importCertificate(event, { client, now, sleep: noSleep }), /in use/);
});

test("a certificate that is gone, or never was, is no failure", async () => {
  const client = fakeClient(() => {
    throw new ResourceNotFoundException({ message: "gone", $metadata: {} });
  });
  const gone = { RequestType: "Delete", PhysicalResourceId: arn, ResourceProperties: properties } as const;

  await importCertificate(gone, { client, now, sleep: noSleep });
  await importCertificate(
    { ...gone, PhysicalResourceId: "failed-to-create" },
    { client, now, sleep: noSleep },
  );

  assert.equal(client.sent.length, 1);
});
