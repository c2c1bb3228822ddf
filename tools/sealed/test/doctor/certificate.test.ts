import assert from "node:assert/strict";
import test from "node:test";
import { ACMClient, type CertificateDetail, DescribeCertificateCommand } from "@aws-sdk/client-acm";
import { DescribeStacksCommand, ListStackResourcesCommand } from "@aws-sdk/client-cloudformation";
import { mockClient } from "aws-sdk-client-mock";
import { emptyAccount } from "../support/aws.ts";
import { diagnose } from "../support/diagnose.ts";

const ARN = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b";
const NOW = new Date("2026-11-22T10:00:00Z");

/** Mocks a deployment whose load balancer shows a certificate. */
function deployed(certificate: CertificateDetail | undefined) {
  const { cloudFormation } = emptyAccount();
  const acm = mockClient(ACMClient);
  cloudFormation.on(DescribeStacksCommand).resolves({
    Stacks: [{ StackName: "sealed-sandbox-web", StackStatus: "CREATE_COMPLETE", CreationTime: NOW }],
  });
  const resource = (name: string, ResourceType: string) => ({
    LogicalResourceId: "R",
    PhysicalResourceId: name,
    ResourceType,
    LastUpdatedTimestamp: NOW,
    ResourceStatus: "CREATE_COMPLETE" as const,
  });
  cloudFormation
    .on(ListStackResourcesCommand)
    .resolves({
      StackResourceSummaries: certificate === undefined ? [] : [resource(ARN, "Custom::ImportedCertificate")],
    })
    .on(ListStackResourcesCommand, { NextToken: undefined })
    .resolves({ StackResourceSummaries: [resource("logs", "AWS::S3::Bucket")], NextToken: "2" });
  acm.on(DescribeCertificateCommand, { CertificateArn: ARN }).resolves({
    ...(certificate && { Certificate: { CertificateArn: ARN, ...certificate } }),
  });
}

const inDays = (days: number) => new Date(NOW.getTime() + days * 24 * 60 * 60 * 1_000);

for (const [what, certificate, verdict, exitCode, says] of [
  ["200 days left", { Status: "ISSUED", NotAfter: inDays(200) }, "ok", 0, /200 days left/],
  [
    "29 days left",
    { Status: "ISSUED", NotAfter: inDays(29), Type: "AMAZON_ISSUED" },
    "warning",
    0,
    /29 days left/,
  ],
  [
    "29 days left, imported",
    { Status: "ISSUED", NotAfter: inDays(29), Type: "IMPORTED" },
    "warning",
    0,
    /29 days/,
  ],
  ["an end yesterday", { Status: "EXPIRED", NotAfter: inDays(-1) }, "problem", 1, /ended 2026-11-21/],
  ["a failed validation", { Status: "VALIDATION_TIMED_OUT" }, "problem", 1, /VALIDATION_TIMED_OUT/],
  ["no end", { Status: "ISSUED" }, "unchecked", 3, /no end/],
  ["no certificate at all", undefined, "ok", 0, /the app's own/],
] as const) {
  test(`the load balancer's certificate with ${what}: ${verdict}`, async () => {
    deployed(certificate);

    const diagnosis = await diagnose("", { now: NOW });

    assert.equal(diagnosis.verdictOf("certificate"), verdict);
    assert.match(diagnosis.foundOf("certificate"), says);
    assert.equal(diagnosis.exitCode, exitCode);
  });
}

test("an imported certificate is not ACM's to renew: the way out is a new sandbox", async () => {
  deployed({ Status: "ISSUED", NotAfter: inDays(5), Type: "IMPORTED" });

  const { mendOf } = await diagnose("", { now: NOW });

  assert.deepEqual(mendOf("certificate"), ["npx turbo destroy", "npx turbo deploy"]);
});
