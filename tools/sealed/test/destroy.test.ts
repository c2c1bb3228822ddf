import assert from "node:assert/strict";
import test from "node:test";
import {
  DescribeStacksCommand,
  type StackEvent,
  UpdateTerminationProtectionCommand,
} from "@aws-sdk/client-cloudformation";
import { ModifyLoadBalancerAttributesCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  ModifyDBInstanceCommand,
} from "@aws-sdk/client-rds";
import { DeleteObjectsCommand, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { emptyAccount } from "./support/aws.ts";
import { existingDeployment } from "./support/existing-deployment.ts";
import { awsError, sealed } from "./support/harness.ts";
import { production } from "./support/world.ts";

const PRODUCTION = "destroy --production --delete-production-stacks";

function webEvent(status: string, type: string, name: string, reason?: string): StackEvent {
  return {
    StackId: "arn:stack/sealed-sandbox-web",
    StackName: "sealed-sandbox-web",
    EventId: `${status}-${name}`,
    Timestamp: new Date("2026-11-22T10:00:05Z"),
    ResourceStatus: status as StackEvent["ResourceStatus"],
    ResourceType: type,
    LogicalResourceId: name,
    PhysicalResourceId: name,
    ResourceStatusReason: reason,
  };
}

test("destroy removes the stacks in reverse order and lists what it leaves, and why", async () => {
  const { deleted } = existingDeployment();

  const { exitCode, output, programs } = await sealed("destroy");

  assert.equal(exitCode, 0);
  assert.deepEqual(deleted, ["sealed-sandbox-web", "sealed-sandbox-data", "sealed-sandbox-network"]);
  assert.deepEqual(programs, []);
  assert.match(output, /KMS key key-data: KMS deletes a key only after its waiting period/);
  assert.match(
    output,
    /bucket of Elastic Beanstalk elasticbeanstalk-eu-west-1-111122223333: other deployments/,
  );
  assert.match(output, /CDKToolkit: other deployments/);
  assert.match(output, /removed sealed-sandbox-web, sealed-sandbox-data, sealed-sandbox-network\n$/);
});

test("destroy --json prints one document and nothing else on standard output", async () => {
  existingDeployment();

  const { output, errors } = await sealed("destroy --json");

  const document = JSON.parse(output) as { removed: string[]; left: { what: string; why: string }[] };
  assert.deepEqual(document.removed, ["sealed-sandbox-web", "sealed-sandbox-data", "sealed-sandbox-network"]);
  assert.ok(document.left.every(({ what, why }) => what !== "" && why !== ""));
  assert.match(errors, /remove sealed-sandbox-web/);
});

test("destroy switches off the protection of stacks, database and load balancer first", async () => {
  const { cloudFormation, rds, loadBalancing } = existingDeployment({ isProtected: true });

  const { exitCode, output } = await sealed("destroy");

  assert.equal(exitCode, 0);
  assert.equal(cloudFormation.commandCalls(UpdateTerminationProtectionCommand).length, 3);
  const [database] = rds.commandCalls(ModifyDBInstanceCommand);
  assert.deepEqual(database?.args[0].input, {
    DBInstanceIdentifier: "sealed-database",
    DeletionProtection: false,
    ApplyImmediately: true,
  });
  const [balancer] = loadBalancing.commandCalls(ModifyLoadBalancerAttributesCommand);
  assert.deepEqual(balancer?.args[0].input.Attributes, [
    { Key: "deletion_protection.enabled", Value: "false" },
  ]);
  assert.match(output, /deletion protection of sealed-database switched off/);
});

test("destroy changes nothing of what is not protected, or gone already", async () => {
  const { rds, loadBalancing } = existingDeployment();
  rds.on(DescribeDBInstancesCommand).rejects(awsError("DBInstanceNotFoundFault", "gone"));

  const { exitCode } = await sealed("destroy");

  assert.equal(exitCode, 0);
  assert.equal(rds.commandCalls(ModifyDBInstanceCommand).length, 0);
  assert.equal(loadBalancing.commandCalls(ModifyLoadBalancerAttributesCommand).length, 0);
});

test("destroy deletes every version and every delete marker of a bucket, page by page", async () => {
  const { s3 } = existingDeployment();
  s3.on(ListObjectVersionsCommand)
    .resolvesOnce({
      IsTruncated: true,
      NextKeyMarker: "b",
      NextVersionIdMarker: "2",
      Versions: [
        { Key: "a", VersionId: "1" },
        { Key: "b", VersionId: "2" },
      ],
    })
    .resolvesOnce({ IsTruncated: false, DeleteMarkers: [{ Key: "c", VersionId: "3" }] });

  const { output } = await sealed("destroy");

  const [first, second] = s3.commandCalls(DeleteObjectsCommand).map((call) => call.args[0].input);
  assert.deepEqual(first?.Delete?.Objects, [
    { Key: "a", VersionId: "1" },
    { Key: "b", VersionId: "2" },
  ]);
  assert.deepEqual(second?.Delete?.Objects, [{ Key: "c", VersionId: "3" }]);
  assert.equal(first?.ExpectedBucketOwner, "111122223333");
  const [, page] = s3.commandCalls(ListObjectVersionsCommand).map((call) => call.args[0].input);
  assert.deepEqual([page?.KeyMarker, page?.VersionIdMarker], ["b", "2"]);
  assert.match(output, /logs-bucket {2}3 versions of objects deleted/);
});

test("destroy stops at an object that cannot be deleted, before it deletes the stack", async () => {
  const { s3, deleted } = existingDeployment();
  s3.on(ListObjectVersionsCommand).resolves({ Versions: [{ Key: "a", VersionId: "1" }] });
  s3.on(DeleteObjectsCommand).resolves({ Errors: [{ Key: "a", Code: "AccessDenied", Message: "no" }] });

  const { exitCode, errors } = await sealed("destroy");

  assert.equal(exitCode, 1);
  assert.match(errors, /bucket logs-bucket keeps a: AccessDenied no/);
  assert.deepEqual(deleted, []);
});

test("a bucket that was written to meanwhile is emptied and deleted once more", async () => {
  const { s3, deleted } = existingDeployment({
    endings: { web: ["DELETE_FAILED", "DELETE_COMPLETE"] },
    webEvents: [
      webEvent("DELETE_FAILED", "AWS::S3::Bucket", "Logs", "The bucket you tried to delete is not empty"),
    ],
  });

  const { exitCode, output } = await sealed("destroy");

  assert.equal(exitCode, 0);
  assert.equal(deleted.filter((name) => name === "sealed-sandbox-web").length, 2);
  assert.equal(s3.commandCalls(ListObjectVersionsCommand).length, 2);
  assert.match(output, /emptying it once more/);
});

test("what cannot be deleted ends destroy with the reason and the command to repeat", async () => {
  const { deleted } = existingDeployment({
    endings: { web: ["DELETE_FAILED"] },
    webEvents: [webEvent("DELETE_FAILED", "AWS::ElasticBeanstalk::Environment", "Env", "it is in use")],
  });

  const { exitCode, errors } = await sealed("destroy");

  assert.equal(exitCode, 1);
  assert.match(
    errors,
    /sealed-sandbox-web could not be deleted: could not delete Elastic Beanstalk environment Env: it is in use/,
  );
  assert.match(errors, /run: npx turbo destroy$/m);
  assert.deepEqual(deleted, ["sealed-sandbox-web"]);
});

test("destroy in production lifts the protection and deletes the stacks, and empties no bucket", async () => {
  const { deleted, s3, rds } = existingDeployment({ preset: "production", isProtected: true });
  rds.on(DescribeDBSnapshotsCommand).resolves({ DBSnapshots: [{ DBSnapshotIdentifier: "last-state" }] });

  const { exitCode, output } = await sealed(PRODUCTION, { settings: production });

  assert.equal(exitCode, 0);
  assert.equal(deleted.length, 3);
  assert.equal(s3.calls().length, 0);
  assert.match(output, /database snapshot last-state: /);
});

test("destroy names what the stacks keep on purpose", async () => {
  existingDeployment({ webEvents: [webEvent("DELETE_SKIPPED", "AWS::S3::Bucket", "bundles-bucket")] });

  const { output } = await sealed("destroy");

  assert.match(output, /S3 bucket bundles-bucket: its stack says that it is kept/);
});

test("destroy refuses while CloudFormation works on a stack", async () => {
  const { cloudFormation, deleted } = existingDeployment();
  cloudFormation.on(DescribeStacksCommand, { StackName: "sealed-sandbox-data" }).resolves({
    Stacks: [
      { StackName: "sealed-sandbox-data", StackStatus: "UPDATE_IN_PROGRESS", CreationTime: new Date(0) },
    ],
  });

  const { exitCode, errors } = await sealed("destroy");

  assert.equal(exitCode, 1);
  assert.match(errors, /stack sealed-sandbox-data is being changed already/);
  assert.deepEqual(deleted, []);
});

test("destroy where there is nothing says so and ends well", async () => {
  emptyAccount();

  const { exitCode, output } = await sealed("destroy");

  assert.equal(exitCode, 0);
  assert.match(output, /nothing to remove: there is no stack/);
});

test("destroy --expired-only leaves a sandbox that is within its time to live", async () => {
  const { deleted } = existingDeployment();

  const young = await sealed("destroy --expired-only", { now: new Date("2026-11-23T09:59:59Z") });
  const removedByThen = [...deleted];
  const old = await sealed("destroy --expired-only", { now: new Date("2026-11-23T10:00:01Z") });

  assert.match(young.output, /nothing removed: wanted until 2026-11-23T10:00:00.000Z/);
  assert.deepEqual(removedByThen, []);
  assert.match(old.output, /removed sealed-sandbox-web/);
});
