import assert from "node:assert/strict";
import test from "node:test";
import { DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { DeleteObjectsCommand, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { existingDeployment } from "./support/existing-deployment.ts";
import { sealed } from "./support/harness.ts";

test("Ctrl-C while removing: says what goes on and how to follow it", async () => {
  const stop = new AbortController();
  const { cloudFormation } = existingDeployment();
  cloudFormation.on(DescribeStacksCommand, { StackName: "arn:stack/sealed-sandbox-web" }).callsFake(() => {
    stop.abort();
    return { Stacks: [{ StackName: "sealed-sandbox-web", StackStatus: "DELETE_IN_PROGRESS" }] };
  });
  let looks = 0;
  cloudFormation.on(DescribeStacksCommand, { StackName: "sealed-sandbox-web" }).callsFake(() => ({
    Stacks: [
      {
        StackName: "sealed-sandbox-web",
        StackId: "arn:stack/sealed-sandbox-web",
        StackStatus: looks++ === 0 ? "CREATE_COMPLETE" : "DELETE_IN_PROGRESS",
      },
    ],
  }));

  const { exitCode, errors } = await sealed("destroy", { signal: stop.signal });

  assert.equal(exitCode, 130);
  assert.match(errors, /goes on by itself with sealed-sandbox-web \(DELETE_IN_PROGRESS\)/);
  assert.match(errors, /wait stack-delete-complete/);
});

test("Ctrl-C while a bucket is emptied deletes no stack, and says that what was done stays", async () => {
  const stop = new AbortController();
  const { s3, deleted } = existingDeployment();
  s3.on(ListObjectVersionsCommand).callsFake(() => {
    stop.abort();
    return { IsTruncated: true, NextKeyMarker: "a", Versions: [{ Key: "a", VersionId: "1" }] };
  });

  const { exitCode, errors } = await sealed("destroy", { signal: stop.signal });

  assert.equal(exitCode, 130);
  assert.match(
    errors,
    /what was done stays, and the same command goes on from there\n {2}run: npx turbo destroy/,
  );
  assert.deepEqual(deleted, []);
  assert.equal(s3.commandCalls(DeleteObjectsCommand).length, 1);
});
