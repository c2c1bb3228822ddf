import {
  type CloudFormationClient,
  paginateListStackResources,
  type StackResourceSummary,
} from "@aws-sdk/client-cloudformation";

/** One thing that a stack holds. */
export interface StackResource {
  type: string;
  logicalId: string;
  /** What its service calls it. */
  name: string;
}

/** Returns what a stack holds now. */
export async function stackResources(client: CloudFormationClient, stack: string): Promise<StackResource[]> {
  const resources: StackResource[] = [];
  for await (const { StackResourceSummaries = [] } of paginateListStackResources(
    { client },
    { StackName: stack },
  )) {
    resources.push(...StackResourceSummaries.filter(isThere).map(toResource));
  }
  return resources;
}

function isThere({ PhysicalResourceId, ResourceStatus }: StackResourceSummary): boolean {
  return (PhysicalResourceId ?? "") !== "" && ResourceStatus !== "DELETE_COMPLETE";
}

function toResource(summary: StackResourceSummary): StackResource {
  const { ResourceType = "", LogicalResourceId = "", PhysicalResourceId = "" } = summary;
  return { type: ResourceType, logicalId: LogicalResourceId, name: PhysicalResourceId };
}
