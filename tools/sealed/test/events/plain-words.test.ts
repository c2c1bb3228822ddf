import assert from "node:assert/strict";
import test from "node:test";
import type { StackEvent } from "@aws-sdk/client-cloudformation";
import { describeStackEvent } from "../../src/events/plain-words.ts";

for (const [status, type, id, reason, text] of [
  ["CREATE_IN_PROGRESS", "AWS::RDS::DBInstance", "DatabaseB269D8BB", undefined, "creating database Database"],
  [
    "CREATE_COMPLETE",
    "AWS::EC2::SubnetRouteTableAssociation",
    "A",
    undefined,
    "created EC2 subnet route table association A",
  ],
  ["DELETE_SKIPPED", "AWS::S3::Bucket", "Logs", undefined, "kept S3 bucket Logs"],
  [
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "AWS::CloudFormation::Stack",
    "web",
    undefined,
    "taking the update back in stack web",
  ],
  [
    "CREATE_FAILED",
    "Custom::PrepareDatabase",
    "P",
    "it broke",
    "could not create step prepare database P: it broke",
  ],
  ["SOMETHING_NEW", "AWS::EC2::VPC", "V", undefined, "something new network V"],
] as const) {
  test(`${status} of ${type} reads "${text}"`, () => {
    const event = describeStackEvent({
      StackId: "id",
      EventId: "e",
      StackName: "s",
      Timestamp: new Date(0),
      ResourceStatus: status as StackEvent["ResourceStatus"],
      ResourceType: type,
      LogicalResourceId: id,
      ResourceStatusReason: reason,
    });

    assert.equal(event.text, text);
  });
}
