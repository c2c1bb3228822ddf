import {
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  type StackEvent,
  type StackResourceSummary,
} from "@aws-sdk/client-cloudformation";
import {
  DescribeLoadBalancerAttributesCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { DescribeDBInstancesCommand, DescribeDBSnapshotsCommand } from "@aws-sdk/client-rds";
import { DeleteObjectsCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { emptyAccount, noSuchStack } from "./aws.ts";

/** How a stack of the account ends when it is deleted: each deletion takes the next of them, then the last. */
export type Endings = readonly ("DELETE_COMPLETE" | "DELETE_FAILED")[];

/** What stands in the account. */
export interface Standing {
  preset?: "sandbox" | "production";
  isProtected?: boolean;
  endings?: Partial<Record<"network" | "data" | "web", Endings>>;
  /** Events of the deletion of the web stack. */
  webEvents?: readonly StackEvent[];
}

const RESOURCES: Record<string, StackResourceSummary[]> = {
  network: [summary("AWS::KMS::Key", "OperationsKey", "key-operations")],
  data: [
    summary("AWS::RDS::DBInstance", "Database", "sealed-database"),
    summary("AWS::KMS::Key", "DataKey", "key-data"),
  ],
  web: [
    summary("AWS::ElasticLoadBalancingV2::LoadBalancer", "Lb", "arn:lb"),
    summary("AWS::S3::Bucket", "Logs", "logs-bucket"),
  ],
};

function summary(type: string, logicalId: string, name: string): StackResourceSummary {
  return {
    ResourceType: type,
    LogicalResourceId: logicalId,
    PhysicalResourceId: name,
    LastUpdatedTimestamp: new Date(0),
    ResourceStatus: "CREATE_COMPLETE",
  };
}

/** Returns mocked clients of an account with the three stacks, whose deletions end as told. */
export function existingDeployment(standing: Standing = {}) {
  const { preset = "sandbox", isProtected = false } = standing;
  const account = emptyAccount();
  const { cloudFormation, rds } = account;
  const loadBalancing = mockClient(ElasticLoadBalancingV2Client);
  const s3 = mockClient(S3Client);
  const deleted: string[] = [];
  rds.on(DescribeDBInstancesCommand).resolves({ DBInstances: [{ DeletionProtection: isProtected }] });
  rds.on(DescribeDBSnapshotsCommand).resolves({ DBSnapshots: [] });
  loadBalancing.on(DescribeLoadBalancerAttributesCommand).resolves({
    Attributes: [{ Key: "deletion_protection.enabled", Value: String(isProtected) }],
  });
  s3.on(ListObjectVersionsCommand).resolves({ IsTruncated: false });
  s3.on(DeleteObjectsCommand).resolves({});
  for (const word of ["network", "data", "web"] as const) {
    const name = `sealed-${preset}-${word}`;
    const id = `arn:stack/${name}`;
    const endings = standing.endings?.[word] ?? ["DELETE_COMPLETE"];
    let deletions = 0;
    const describe = () => ({
      Stacks: [
        {
          StackName: name,
          StackId: id,
          StackStatus: deletions === 0 ? "UPDATE_COMPLETE" : (endings[deletions - 1] ?? endings.at(-1)),
          CreationTime: new Date("2026-11-20T10:00:00Z"),
          EnableTerminationProtection: isProtected,
          Tags: [{ Key: "sealed:ttl-hours", Value: "72" }],
        },
      ],
    });
    for (const StackName of [name, id]) {
      cloudFormation.on(DescribeStacksCommand, { StackName }).callsFake(() => {
        if (StackName === name && deletions > 0) throw noSuchStack();
        return describe();
      });
    }
    cloudFormation.on(ListStackResourcesCommand, { StackName: id }).resolves({
      StackResourceSummaries: RESOURCES[word] ?? [],
    });
    cloudFormation.on(DescribeStackEventsCommand, { StackName: id }).callsFake(() => ({
      StackEvents: deletions > 0 && word === "web" ? (standing.webEvents ?? []) : [],
    }));
    cloudFormation.on(DeleteStackCommand, { StackName: id }).callsFake(() => {
      deletions++;
      deleted.push(name);
      return {};
    });
  }
  return { ...account, loadBalancing, s3, deleted };
}
