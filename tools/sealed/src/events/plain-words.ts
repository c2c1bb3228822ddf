import type { StackEvent } from "@aws-sdk/client-cloudformation";
import type { DeploymentEvent } from "./deployment-event.ts";

/** Names for what the type alone would name badly. */
const NOUNS: Readonly<Record<string, string>> = {
  "AWS::CloudFormation::Stack": "stack",
  "AWS::EC2::EIP": "public address",
  "AWS::EC2::Instance": "NAT instance",
  "AWS::EC2::VPC": "network",
  "AWS::ElasticBeanstalk::Application": "Elastic Beanstalk application",
  "AWS::ElasticBeanstalk::ApplicationVersion": "application version",
  "AWS::ElasticBeanstalk::Environment": "Elastic Beanstalk environment",
  "AWS::ElasticLoadBalancingV2::LoadBalancer": "load balancer",
  "AWS::RDS::DBInstance": "database",
};

/** What takes minutes to make, to change or to remove. */
const SLOW = ["AWS::CloudFormation::Stack", "AWS::ElasticBeanstalk::Environment", "AWS::RDS::DBInstance"];

const VERBS: Readonly<Record<string, string>> = {
  CREATE_IN_PROGRESS: "creating",
  CREATE_COMPLETE: "created",
  CREATE_FAILED: "could not create",
  UPDATE_IN_PROGRESS: "updating",
  UPDATE_COMPLETE: "updated",
  UPDATE_FAILED: "could not update",
  DELETE_IN_PROGRESS: "deleting",
  DELETE_COMPLETE: "deleted",
  DELETE_FAILED: "could not delete",
  DELETE_SKIPPED: "kept",
  ROLLBACK_IN_PROGRESS: "taking everything back in",
  ROLLBACK_COMPLETE: "took everything back in",
  ROLLBACK_FAILED: "could not take everything back in",
  UPDATE_ROLLBACK_IN_PROGRESS: "taking the update back in",
  UPDATE_ROLLBACK_COMPLETE: "took the update back in",
  UPDATE_ROLLBACK_FAILED: "could not take the update back in",
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: "removing what is not needed any more in",
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: "removing what is not needed any more in",
};

/** Returns what a CloudFormation event says, in plain words. */
export function describeStackEvent(event: StackEvent): DeploymentEvent {
  const { ResourceStatus: status = "", ResourceType: type = "", LogicalResourceId: id = "" } = event;
  const reason = event.ResourceStatusReason;
  const kind = kindOf(status);
  // A stack is an event of itself, under its own name.
  const subject = type === "AWS::CloudFormation::Stack" ? `stack ${id}` : `${nounOf(type)} ${nameOf(id)}`;
  const verb = VERBS[status] ?? status.toLowerCase().replaceAll("_", " ");
  return {
    at: event.Timestamp ?? new Date(0),
    origin: event.StackName ?? "",
    kind,
    text: `${verb} ${subject}${kind === "failed" && reason !== undefined ? `: ${reason}` : ""}`,
    ...(kind === "started" && SLOW.includes(type) && { isSlow: true }),
    ...(kind === "failed" && {
      failure: {
        resourceType: type,
        logicalId: id,
        reason: reason ?? status,
        isConsequence: /cancelled|following resource\(s\) failed/i.test(reason ?? ""),
      },
    }),
    ...(status === "DELETE_SKIPPED" && {
      kept: { type: nounOf(type), name: event.PhysicalResourceId ?? id },
    }),
  };
}

function kindOf(status: string): DeploymentEvent["kind"] {
  if (status.endsWith("_FAILED")) return "failed";
  return status.endsWith("_IN_PROGRESS") ? "started" : "done";
}

/** Returns a noun for a type of resource: `AWS::EC2::RouteTable` is an "EC2 route table". */
function nounOf(type: string): string {
  const known = NOUNS[type];
  if (known !== undefined) return known;
  const [, service = type, resource] = type.split("::");
  if (type.startsWith("Custom::")) return `step ${words(service)}`;
  return resource === undefined ? service : `${service} ${words(resource)}`;
}

function words(camelCase: string): string {
  return camelCase.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
}

/** The CDK ends a logical id with 8 hexadecimal digits, which tell a person nothing. */
function nameOf(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, "");
}
