import { DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { attend } from "../aws/attend.ts";
import { clientSettings } from "../aws/connect.ts";
import type { Caller } from "../deployment/account-guard.ts";
import type { Deployment } from "../deployment/read-deployment.ts";
import { SealedError } from "../errors.ts";
import type { LoadBalancer } from "../load-balancers/load-balancer.ts";
import { egressNeeds, type Neighbour } from "./egress-needs.ts";
import { readSharedGroups, type SharedGroup } from "./group-users.ts";
import { ingressNeeds } from "./ingress-needs.ts";
import { type JudgedRule, judge } from "./judge.ts";
import { type Member, readMembers } from "./members.ts";
import type { Need } from "./need.ts";
import { readNeighbours } from "./neighbours.ts";
import { readRules } from "./read-rules.ts";
import type { Rule } from "./rule.ts";

/** What stands around the instances of a path, and what of it is needed. */
export interface Survey {
  loadBalancer: LoadBalancer;
  members: readonly Member[];
  /** Groups of the instances. */
  groupIds: readonly string[];
  ingress: readonly Need[];
  egress: readonly Need[];
  neighbours: readonly Neighbour[];
  judged: readonly JudgedRule[];
  shared: readonly SharedGroup[];
}

/** Returns a client for a deployment's security groups. */
export function ec2Client(deployment: Deployment, caller: Caller): EC2Client {
  return attend(new EC2Client(clientSettings(deployment)), caller);
}

/**
 * Looks at the groups of the instances behind a load balancer, and judges each of their rules.
 *
 * @param clients - Who may connect, where the load balancer has no group; absent: whoever may now.
 * @throws SealedError SEALED_PATH_UNSUPPORTED
 */
export async function readSurvey(
  ec2: EC2Client,
  loadBalancer: LoadBalancer,
  clients: readonly string[] | undefined,
): Promise<Survey> {
  const members = await readMembers(ec2, loadBalancer);
  const groupIds = [...new Set(members.flatMap(({ allGroupIds }) => allGroupIds))];
  refuseCommonGroup(loadBalancer, groupIds);
  const own = [...groupIds, ...loadBalancer.groupIds];
  const rules = await readRules(ec2, groupIds);
  const subnetRanges = loadBalancer.groupIds.length > 0 ? [] : await readRanges(ec2, loadBalancer);
  const neighbours = await readNeighbours(ec2, { vpcId: loadBalancer.vpcId, members, own });
  const ingress = ingressNeeds(loadBalancer, { subnetRanges, clients, rules });
  const egress = egressNeeds(rules, neighbours);
  return {
    loadBalancer,
    members,
    groupIds,
    ingress,
    egress,
    neighbours,
    judged: judgeAll(rules, { ingress, egress }),
    shared: await readSharedGroups(ec2, loadBalancer, members),
  };
}

/** Returns the survey with its rules read once more; what is needed stays what it was. */
export async function readAgain(ec2: EC2Client, survey: Survey): Promise<Survey> {
  return { ...survey, judged: judgeAll(await readRules(ec2, survey.groupIds), survey) };
}

function judgeAll(
  rules: readonly Rule[],
  { ingress, egress }: Pick<Survey, "ingress" | "egress">,
): JudgedRule[] {
  return rules.map((rule) => judge(rule, rule.direction === "ingress" ? ingress : egress));
}

/** In a common group the listener's rules and the instances' are the same: none could be taken away. */
function refuseCommonGroup({ name, groupIds }: LoadBalancer, ofMembers: readonly string[]): void {
  const common = groupIds.filter((id) => ofMembers.includes(id));
  if (common.length === 0) return;
  throw new SealedError(
    "SEALED_GROUP_SHARED",
    `load balancer ${name} and its instances have group ${common.join(", ")} in common: ` +
      "what lets clients in to the one lets them in to the others. Give the load balancer a group of its own",
  );
}

/** Whence a load balancer without a group connects: over IPv6 too, where it has such addresses. */
async function readRanges(ec2: EC2Client, { subnetIds, usesIpv6 }: LoadBalancer): Promise<string[]> {
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [...subnetIds] }));
  return Subnets.flatMap(({ CidrBlock, Ipv6CidrBlockAssociationSet = [] }) => [
    ...(CidrBlock === undefined ? [] : [CidrBlock]),
    ...Ipv6CidrBlockAssociationSet.filter(
      ({ Ipv6CidrBlockState }) => usesIpv6 && Ipv6CidrBlockState?.State === "associated",
    ).flatMap(({ Ipv6CidrBlock }) => Ipv6CidrBlock ?? []),
  ]);
}
