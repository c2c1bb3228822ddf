import {
  type CloudFormationClient,
  UpdateTerminationProtectionCommand,
} from "@aws-sdk/client-cloudformation";
import {
  DescribeLoadBalancerAttributesCommand,
  type ElasticLoadBalancingV2Client,
  ModifyLoadBalancerAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { DescribeDBInstancesCommand, ModifyDBInstanceCommand, type RDSClient } from "@aws-sdk/client-rds";
import type { StackResource } from "../deployment/stack-resources.ts";

const DELETION_PROTECTION = "deletion_protection.enabled";

/** The services whose resources can be protected. */
export interface ProtectingServices {
  cloudFormation: CloudFormationClient;
  rds: RDSClient;
  loadBalancing: ElasticLoadBalancingV2Client;
}

/** Switches off what keeps a stack and its resources from being deleted; tells each switch. */
export async function liftProtection(
  stack: { name: string; isProtected: boolean },
  resources: readonly StackResource[],
  services: ProtectingServices,
  tell: (text: string) => void,
): Promise<void> {
  if (stack.isProtected) {
    await services.cloudFormation.send(
      new UpdateTerminationProtectionCommand({ StackName: stack.name, EnableTerminationProtection: false }),
    );
    tell(`  ${stack.name}  termination protection switched off`);
  }
  for (const { type, name } of resources) {
    const isLifted =
      (type === "AWS::RDS::DBInstance" && (await liftFromDatabase(services.rds, name))) ||
      (type === "AWS::ElasticLoadBalancingV2::LoadBalancer" &&
        (await liftFromLoadBalancer(services.loadBalancing, name)));
    if (isLifted) tell(`  ${stack.name}  deletion protection of ${name} switched off`);
  }
}

async function liftFromDatabase(rds: RDSClient, name: string): Promise<boolean> {
  try {
    const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: name }));
    if (DBInstances?.[0]?.DeletionProtection !== true) return false;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
  await rds.send(
    new ModifyDBInstanceCommand({
      DBInstanceIdentifier: name,
      DeletionProtection: false,
      ApplyImmediately: true,
    }),
  );
  return true;
}

async function liftFromLoadBalancer(client: ElasticLoadBalancingV2Client, arn: string): Promise<boolean> {
  try {
    const { Attributes = [] } = await client.send(
      new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: arn }),
    );
    if (!Attributes.some(({ Key, Value }) => Key === DELETION_PROTECTION && Value === "true")) return false;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
  await client.send(
    new ModifyLoadBalancerAttributesCommand({
      LoadBalancerArn: arn,
      Attributes: [{ Key: DELETION_PROTECTION, Value: "false" }],
    }),
  );
  return true;
}

/** Somebody removed it by hand: nothing is left to protect. */
function isGone(error: unknown): boolean {
  return error instanceof Error && /^(DBInstanceNotFound|LoadBalancerNotFound)/.test(error.name);
}
