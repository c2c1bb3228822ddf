import assert from "node:assert/strict";
import test from "node:test";
import { ensureEbsEncryption } from "../../functions/ebs-encryption/enforce.ts";
import { withTlsOnly } from "../../functions/service-bucket/bucket-policy.ts";
import { hardenServiceBucket } from "../../functions/service-bucket/harden.ts";
import { fakeClient } from "../support/fake-client.ts";

const place = { region: "eu-west-1", account: "111122223333" };
const bucket = "elasticbeanstalk-eu-west-1-111122223333";
const own = {
  Sid: "eb-58950a8c",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:DeleteBucket",
  Resource: `arn:aws:s3:::${bucket}`,
};

test("leaves EBS encryption alone where it is on", async () => {
  const client = fakeClient(() => ({ EbsEncryptionByDefault: true }));

  await ensureEbsEncryption(
    { RequestType: "Create", ResourceProperties: { mode: "require", ...place } },
    client,
  );

  assert.deepEqual(
    client.sent.map(({ name }) => name),
    ["GetEbsEncryptionByDefaultCommand"],
  );
});

test("turns EBS encryption on in a sandbox", async () => {
  const client = fakeClient(() => ({ EbsEncryptionByDefault: false }));

  await ensureEbsEncryption(
    { RequestType: "Create", ResourceProperties: { mode: "enforce", ...place } },
    client,
  );

  assert.equal(client.sent.at(-1)?.name, "EnableEbsEncryptionByDefaultCommand");
});

test("fails a production deployment without EBS encryption, with the command that mends it", async () => {
  const client = fakeClient(() => ({ EbsEncryptionByDefault: false }));

  await assert.rejects(
    ensureEbsEncryption({ RequestType: "Update", ResourceProperties: { mode: "require", ...place } }, client),
    /off in account 111122223333, region eu-west-1: turn it on with: aws ec2 enable-ebs-encryption-by-default --region eu-west-1/,
  );
});

test("never turns EBS encryption off", async () => {
  const client = fakeClient();

  await ensureEbsEncryption(
    { RequestType: "Delete", ResourceProperties: { mode: "enforce", ...place } },
    client,
  );

  assert.deepEqual(client.sent, []);
});

test("hardens the bucket that Elastic Beanstalk names, and creates none", async () => {
  const beanstalk = fakeClient(() => ({ S3Bucket: bucket }));
  const s3 = fakeClient((name) =>
    name === "GetBucketPolicyCommand"
      ? { Policy: JSON.stringify({ Version: "2012-10-17", Statement: [own] }) }
      : {},
  );

  const answer = await hardenServiceBucket(
    { RequestType: "Create", ResourceProperties: { account: place.account, version: "1" } },
    { beanstalk, s3 },
  );

  assert.deepEqual(answer, { PhysicalResourceId: bucket });
  assert.deepEqual(
    beanstalk.sent.map(({ name }) => name),
    ["CreateStorageLocationCommand"],
  );
  assert.deepEqual(
    s3.sent.map(({ name }) => name),
    [
      "PutPublicAccessBlockCommand",
      "PutBucketOwnershipControlsCommand",
      "PutBucketVersioningCommand",
      "GetBucketLifecycleConfigurationCommand",
      "PutBucketLifecycleConfigurationCommand",
      "GetBucketPolicyCommand",
      "PutBucketPolicyCommand",
    ],
  );
  for (const { input } of s3.sent) {
    assert.deepEqual([input.Bucket, input.ExpectedBucketOwner], [bucket, place.account]);
  }
});

test("keeps the life-cycle rules that somebody else gave the bucket, and adds ours once", async () => {
  const theirs = { ID: "old-logs", Status: "Enabled", Filter: { Prefix: "logs/" }, Expiration: { Days: 90 } };
  const run = async (Rules: object[]) => {
    const s3 = fakeClient((name) => (name === "GetBucketLifecycleConfigurationCommand" ? { Rules } : {}));
    await hardenServiceBucket(
      { RequestType: "Update", ResourceProperties: { account: place.account, version: "2" } },
      { beanstalk: fakeClient(() => ({ S3Bucket: bucket })), s3 },
    );
    const put = s3.sent.find(({ name }) => name === "PutBucketLifecycleConfigurationCommand");
    assert.ok(put, "no life cycle was written");
    return (put.input.LifecycleConfiguration as { Rules: { ID: string }[] }).Rules;
  };

  const once = await run([theirs]);

  assert.deepEqual(once[0], theirs);
  assert.deepEqual(
    once.map(({ ID }) => ID),
    ["old-logs", "sealed-old-versions"],
  );
  assert.deepEqual(await run(once), once);
});

test("a bucket whose life cycle cannot be read is left alone, and the deployment fails", async () => {
  const s3 = fakeClient((name) => {
    if (name === "GetBucketLifecycleConfigurationCommand")
      throw Object.assign(new Error("denied"), { name: "AccessDenied" });
    return {};
  });

  await assert.rejects(
    hardenServiceBucket(
      { RequestType: "Create", ResourceProperties: { account: place.account, version: "1" } },
      { beanstalk: fakeClient(() => ({ S3Bucket: bucket })), s3 },
    ),
    /denied/,
  );
  assert.ok(!s3.sent.some(({ name }) => name === "PutBucketLifecycleConfigurationCommand"));
});

test("a bucket without policy and life cycle gets both", async () => {
  const beanstalk = fakeClient(() => ({ S3Bucket: bucket }));
  const s3 = fakeClient((name) => {
    if (name === "GetBucketPolicyCommand")
      throw Object.assign(new Error("none"), { name: "NoSuchBucketPolicy" });
    if (name === "GetBucketLifecycleConfigurationCommand")
      throw Object.assign(new Error("none"), { name: "NoSuchLifecycleConfiguration" });
    return {};
  });

  await hardenServiceBucket(
    { RequestType: "Create", ResourceProperties: { account: place.account, version: "1" } },
    { beanstalk, s3 },
  );

  assert.match(String(s3.sent.at(-1)?.input.Policy), /aws:SecureTransport/);
});

test("keeps Elastic Beanstalk's own statements and adds ours once, however often it runs", () => {
  const once = withTlsOnly(JSON.stringify({ Version: "2012-10-17", Statement: [own] }), bucket);
  const twice = withTlsOnly(once, bucket);

  const { Statement } = JSON.parse(twice) as { Statement: { Sid: string }[] };
  assert.equal(twice, once);
  assert.deepEqual(
    Statement.map(({ Sid }) => Sid),
    ["eb-58950a8c", "SealedTlsOnly", "SealedTlsOnly12"],
  );
});

test("the service bucket stays when the stack goes", async () => {
  const beanstalk = fakeClient();
  const s3 = fakeClient();

  await hardenServiceBucket(
    {
      RequestType: "Delete",
      PhysicalResourceId: bucket,
      ResourceProperties: { account: place.account, version: "1" },
    },
    { beanstalk, s3 },
  );

  assert.deepEqual([...beanstalk.sent, ...s3.sent], []);
});
