import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { DescribeLoadBalancersCommand as DescribeClassicCommand } from "@aws-sdk/client-elastic-load-balancing";
import { DescribeLoadBalancersCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { readRules } from "../../security-groups/read-rules.ts";
import { type Peer, peerText, type Rule, trafficText } from "../../security-groups/rule.ts";
import { type Check, type HopId, judge } from "../check.ts";
import type { Deployed } from "./deployed.ts";

/** What a group may let in. */
interface Admission {
  hop: HopId;
  title: string;
  groupIds: readonly string[];
  expected: string;
  isAllowed(rule: Rule): boolean;
  /** Must be there, or nothing comes through at all. */
  isNeeded(rule: Rule): boolean;
}

/** Judges who may connect to the load balancer and to the instances. */
export async function frontGroupChecks(deployed: Deployed): Promise<Check[]> {
  const { facts, deployment } = deployed;
  const { clients, httpRedirect } = deployment.config;
  const instances = await instanceGroups(deployed);
  const fromClients = (groupIds: readonly string[], hop: HopId, title: string): Admission => {
    const ports = httpRedirect ? [443, 80] : [443];
    return {
      hop,
      title,
      groupIds,
      expected: `tcp ${ports.join(" and ")} from ${clients.join(", ")}`,
      isAllowed: (rule) => ports.some((port) => isPort(rule, port)) && isRange(rule.peer, clients),
      isNeeded: (rule) => isPort(rule, 443) && isRange(rule.peer, clients),
    };
  };
  if (facts.instanceAdmits === "clients") {
    return await admissionChecks(deployed, [
      fromClients(instances, "client-lb", "who may connect to the instances"),
    ]);
  }
  const balancers = await loadBalancerGroups(deployed);
  const isHop2 = (rule: Rule) => isPort(rule, facts.processPort) && isGroup(rule.peer, balancers);
  return await admissionChecks(deployed, [
    fromClients(balancers, "client-lb", "who may connect to the load balancer"),
    {
      hop: "lb-app",
      title: "who may connect to the instances",
      groupIds: instances,
      expected: `tcp ${facts.processPort} from the load balancer's group (${balancers.join(", ")})`,
      isAllowed: isHop2,
      isNeeded: isHop2,
    },
  ]);
}

/** Judges who may connect to the database: groups of the deployment, on its port alone, and no address. */
export async function databaseGroupChecks(
  deployed: Deployed,
  groupIds: readonly string[],
  port: number,
): Promise<Check[]> {
  const instances = await instanceGroups(deployed);
  const own = [...deployed.groupIds, ...instances];
  return await admissionChecks(deployed, [
    {
      hop: "app-db",
      title: "who may connect to the database",
      groupIds,
      expected: `tcp ${port} from the instances' group (${instances.join(", ")})`,
      isAllowed: (rule) => isPort(rule, port) && isGroup(rule.peer, own),
      isNeeded: (rule) => isPort(rule, port) && isGroup(rule.peer, instances),
    },
  ]);
}

async function admissionChecks({ services }: Deployed, admissions: readonly Admission[]): Promise<Check[]> {
  return await Promise.all(
    admissions.map(async (admission) => {
      const rules = admission.groupIds.length === 0 ? [] : await readRules(services.ec2, admission.groupIds);
      return judgeRules(
        admission,
        rules.filter(({ direction }) => direction === "ingress"),
      );
    }),
  );
}

function judgeRules(
  { hop, title, groupIds, expected, isAllowed, isNeeded }: Admission,
  rules: readonly Rule[],
): Check {
  const surplus = rules.filter((rule) => !isAllowed(rule));
  const isOpenForThoseMeant = rules.some(isNeeded);
  const shown = (some: readonly Rule[]) =>
    some.map((rule) => `${trafficText(rule)} from ${peerText(rule.peer)}`).join(", ");
  const seen = surplus.length > 0 ? `also ${shown(surplus)}` : shown(rules);
  return judge(
    {
      hop,
      id: "security-group",
      title,
      subject: groupIds.join(", ") || "no group",
      expected,
      mend: "npx sealed audit shows every rule with its reason, npx sealed lockdown takes away what is too much",
    },
    surplus.length === 0 && isOpenForThoseMeant,
    isOpenForThoseMeant || surplus.length > 0 ? seen : "nobody who is meant to",
  );
}

function isPort({ protocol, fromPort, toPort }: Rule, port: number): boolean {
  return protocol === "tcp" && fromPort === port && toPort === port;
}

function isRange(peer: Peer, ranges: readonly string[]): boolean {
  return peer.kind === "ipv4" && ranges.includes(peer.range);
}

function isGroup(peer: Peer, ids: readonly string[]): boolean {
  return peer.kind === "group" && ids.includes(peer.id);
}

async function instanceGroups({ services, instanceIds }: Deployed): Promise<string[]> {
  // Without ids EC2 would answer about every instance of the Region.
  if (instanceIds.length === 0) return [];
  const { Reservations = [] } = await services.ec2.send(
    new DescribeInstancesCommand({ InstanceIds: [...instanceIds] }),
  );
  const groups = Reservations.flatMap(({ Instances = [] }) => Instances).flatMap(
    ({ SecurityGroups = [] }) => SecurityGroups,
  );
  return [...new Set(groups.flatMap(({ GroupId }) => GroupId ?? []))];
}

async function loadBalancerGroups({ services, facts, loadBalancer }: Deployed): Promise<string[]> {
  if (loadBalancer === undefined) return [];
  if (facts.loadBalancer === "classic") {
    const { LoadBalancerDescriptions = [] } = await services.classic.send(
      new DescribeClassicCommand({ LoadBalancerNames: [loadBalancer] }),
    );
    return LoadBalancerDescriptions.flatMap(({ SecurityGroups = [] }) => SecurityGroups);
  }
  const { LoadBalancers = [] } = await services.elbv2.send(
    new DescribeLoadBalancersCommand({ LoadBalancerArns: [loadBalancer] }),
  );
  return LoadBalancers.flatMap(({ SecurityGroups = [] }) => SecurityGroups);
}
