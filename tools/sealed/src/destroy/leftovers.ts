import { paginateDescribeDBSnapshots, type RDSClient } from "@aws-sdk/client-rds";
import type { Deployment } from "../deployment/read-deployment.ts";
import type { StackResource } from "../deployment/stack-resources.ts";
import type { DeploymentEvent } from "../events/deployment-event.ts";

/** Something that is still there when the stacks are gone. */
export interface Leftover {
  what: string;
  name: string;
  why: string;
}

/** Returns what is left of the resources of the stacks. */
export async function leftBehind(
  resources: readonly StackResource[],
  events: readonly DeploymentEvent[],
  rds: RDSClient,
): Promise<Leftover[]> {
  const kept = events.flatMap(({ kept }) => (kept === undefined ? [] : [kept]));
  const keptNames = new Set(kept.map(({ name }) => name));
  const keys = resources.filter(({ type, name }) => type === "AWS::KMS::Key" && !keptNames.has(name));
  const databases = resources.filter(({ type }) => type === "AWS::RDS::DBInstance");
  return [
    ...kept.map(({ type, name }) => ({ what: type, name, why: "its stack says that it is kept" })),
    ...keys.map(({ name }) => ({
      what: "KMS key",
      name,
      why: "KMS deletes a key only after its waiting period of 7 to 30 days; until then it costs nothing",
    })),
    ...(await snapshots(databases, rds)),
  ];
}

async function snapshots(databases: readonly StackResource[], client: RDSClient): Promise<Leftover[]> {
  const found: Leftover[] = [];
  for (const { name } of databases) {
    const pages = paginateDescribeDBSnapshots(
      { client },
      { DBInstanceIdentifier: name, SnapshotType: "manual" },
    );
    for await (const { DBSnapshots = [] } of pages) {
      for (const { DBSnapshotIdentifier = "" } of DBSnapshots) {
        found.push({
          what: "database snapshot",
          name: DBSnapshotIdentifier,
          why: "made by hand, or by CloudFormation as the last state of the database",
        });
      }
    }
  }
  return found;
}

/** Returns what belongs to the account and not to this deployment. */
export function sharedByTheAccount({ config, region }: Deployment): Leftover[] {
  const others = "other deployments of the account use it too";
  return [
    {
      what: "bucket of Elastic Beanstalk",
      name: `elasticbeanstalk-${region}-${config.account}`,
      why: others,
    },
    { what: "stack and bucket of the CDK", name: "CDKToolkit", why: others },
    {
      what: "default encryption of EBS volumes",
      name: region,
      why: "a setting of the account, which stays as it is",
    },
  ];
}
