import assert from "node:assert/strict";
import test from "node:test";
import { DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import {
  DescribePlatformVersionCommand,
  ListPlatformBranchesCommand,
  type PlatformDescription,
} from "@aws-sdk/client-elastic-beanstalk";
import { DescribeDBEngineVersionsCommand, DescribeDBMajorEngineVersionsCommand } from "@aws-sdk/client-rds";
import { emptyAccount } from "../support/aws.ts";
import { diagnose } from "../support/diagnose.ts";

for (const [state, verdict, exitCode] of [
  ["Supported", "ok", 0],
  ["Beta", "warning", 0],
  ["Deprecated", "warning", 0],
  ["Retired", "problem", 1],
  [undefined, "problem", 1],
] as const) {
  test(`a platform branch in state ${state}: ${verdict}`, async () => {
    const { beanstalk } = emptyAccount();
    const branch = { BranchName: "Node.js 24 running on 64bit Amazon Linux 2023", LifecycleState: state };
    beanstalk.on(ListPlatformBranchesCommand).resolves({
      PlatformBranchSummaryList: state === undefined ? [] : [branch],
    });

    const diagnosis = await diagnose();

    assert.deepEqual([diagnosis.exitCode, diagnosis.verdictOf("beanstalk-platform")], [exitCode, verdict]);
  });
}

for (const [platform, verdict] of [
  [{ PlatformStatus: "Ready", PlatformLifecycleState: "Recommended" }, "ok"],
  [{ PlatformStatus: "Ready", PlatformLifecycleState: "recommended" }, "ok"],
  [{ PlatformStatus: "Ready" }, "warning"],
  [{ PlatformStatus: "Deleted" }, "problem"],
] as [PlatformDescription, string][]) {
  test(`a platform that was chosen by version: ${JSON.stringify(platform)} is ${verdict}`, async () => {
    const { beanstalk } = emptyAccount();
    beanstalk.on(DescribePlatformVersionCommand).resolves({ PlatformDescription: platform });
    const platformArn =
      "arn:aws:elasticbeanstalk:eu-west-1::platform/Node.js 24 running on 64bit Amazon Linux 2023/6.10.0";

    const { verdictOf } = await diagnose("", { settings: { platformArn } });

    assert.equal(verdictOf("beanstalk-platform"), verdict);
  });
}

test("the command that lists other branches has a filter that the AWS CLI can read", async () => {
  const { beanstalk } = emptyAccount();
  beanstalk.on(ListPlatformBranchesCommand).resolves({ PlatformBranchSummaryList: [] });

  const { mendOf } = await diagnose();

  // Its shorthand takes no value that begins with an equals sign, unless it is quoted.
  assert.deepEqual(mendOf("beanstalk-platform"), [
    `aws elasticbeanstalk list-platform-branches --filters 'Attribute=LifecycleState,Operator="=",Values=supported' --region eu-west-1`,
  ]);
});

for (const [end, verdict, exitCode] of [
  ["2029-07-31", "ok", 0],
  ["2027-01-31", "warning", 0],
  ["2026-11-01", "problem", 1],
] as const) {
  test(`standard support of the engine until ${end}: ${verdict}`, async () => {
    const { rds } = emptyAccount();
    rds.on(DescribeDBMajorEngineVersionsCommand).resolves({
      DBMajorEngineVersions: [
        {
          SupportedEngineLifecycles: [
            {
              LifecycleSupportName: "open-source-rds-extended-support",
              LifecycleSupportStartDate: new Date(0),
              LifecycleSupportEndDate: new Date("2040-01-01"),
            },
            {
              LifecycleSupportName: "open-source-rds-standard-support",
              LifecycleSupportStartDate: new Date(0),
              LifecycleSupportEndDate: new Date(end),
            },
          ],
        },
      ],
    });

    const diagnosis = await diagnose();

    assert.deepEqual([diagnosis.exitCode, diagnosis.verdictOf("database-engine")], [exitCode, verdict]);
  });
}

test("an engine of which RDS names no end of support is a warning", async () => {
  const { rds } = emptyAccount();
  rds.on(DescribeDBMajorEngineVersionsCommand).resolves({ DBMajorEngineVersions: [] });

  assert.equal((await diagnose()).verdictOf("database-engine"), "warning");
});

test("an engine version that is not offered is a problem for a new database, and none for one that stands", async () => {
  const { rds, cloudFormation } = emptyAccount();
  rds.on(DescribeDBEngineVersionsCommand).resolves({ DBEngineVersions: [] });

  const before = await diagnose();
  cloudFormation.on(DescribeStacksCommand, { StackName: "sealed-sandbox-data" }).resolves({
    Stacks: [{ StackName: "sealed-sandbox-data", StackStatus: "CREATE_COMPLETE", CreationTime: new Date(0) }],
  });
  const after = await diagnose();

  assert.deepEqual([before.exitCode, before.verdictOf("database-engine")], [1, "problem"]);
  assert.equal(after.verdictOf("database-engine"), "ok");
});
