import {
  DescribeTargetHealthCommand,
  paginateDescribeTargetGroups,
  type TargetGroup,
  type TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { type Check, judge } from "../check.ts";
import type { Deployed } from "./deployed.ts";

const HEALTH_PATH = "/readyz";
const HOP = { hop: "lb-app" } as const;

/** Judges how an Application or Network Load Balancer speaks to the instances, and whether they are well. */
export async function targetGroupChecks(deployed: Deployed): Promise<Check[]> {
  const { services, loadBalancer } = deployed;
  const groups: TargetGroup[] = [];
  const pages = paginateDescribeTargetGroups({ client: services.elbv2 }, { LoadBalancerArn: loadBalancer });
  for await (const { TargetGroups = [] } of pages) groups.push(...TargetGroups);
  if (groups.length === 0) return [none()];
  const checks = groups.map(async (group) => [
    protocolCheck(group, deployed),
    healthCheck(group, deployed),
    await targetsCheck(group, deployed),
  ]);
  return (await Promise.all(checks)).flat();
}

function none(): Check {
  return judge(
    {
      ...HOP,
      id: "target-group",
      title: "target group",
      expected: "one for the app",
      mend: "npx turbo deploy adds the environment's rule to the listener again",
    },
    false,
    "none: the load balancer sends requests nowhere",
  );
}

function protocolCheck({ TargetGroupName, Protocol, Port }: TargetGroup, { facts }: Deployed): Check {
  // The lesson is told by its own words: its group is as its topology says.
  const expected = `${facts.processProtocol} on ${facts.processPort}`;
  const seen = `${Protocol} on ${Port}`;
  return judge(
    {
      ...HOP,
      id: "target-group",
      title: "what the load balancer speaks to the app",
      subject: TargetGroupName ?? "",
      expected,
      mend: "npx turbo deploy sets it again; find out who changed it",
    },
    seen === expected,
    seen,
  );
}

function healthCheck(group: TargetGroup, { facts }: Deployed): Check {
  const isHttp = facts.loadBalancer === "application";
  const expected = isHttp ? `${facts.processProtocol} ${HEALTH_PATH}` : facts.processProtocol;
  const { HealthCheckProtocol = "none", HealthCheckPath = "" } = group;
  const seen = isHttp ? `${HealthCheckProtocol} ${HealthCheckPath}` : HealthCheckProtocol;
  return judge(
    {
      ...HOP,
      id: "health-check",
      title: "health check of the load balancer",
      subject: group.TargetGroupName ?? "",
      expected,
      mend: "npx turbo deploy sets it again; find out who changed it",
    },
    seen === expected,
    seen,
  );
}

async function targetsCheck(group: TargetGroup, { services, facts }: Deployed): Promise<Check> {
  const { TargetHealthDescriptions = [] } = await services.elbv2.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: group.TargetGroupArn }),
  );
  // One that leaves gets nothing new.
  const serving = TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth?.State !== "draining");
  const isWell = ({ Target, TargetHealth }: TargetHealthDescription) =>
    TargetHealth?.State === "healthy" && Target?.Port === facts.processPort;
  return judge(
    {
      ...HOP,
      id: "targets",
      title: "health of the instances",
      subject: group.TargetGroupName ?? "",
      expected: `every instance healthy on port ${facts.processPort}`,
      mend: "npx sealed status names the causes; the app's log says what is missing",
    },
    serving.length > 0 && serving.every(isWell),
    serving.length === 0 ? "no instance" : serving.map(describe).join(", "),
  );
}

function describe({ Target, TargetHealth }: TargetHealthDescription): string {
  const reason = TargetHealth?.Reason === undefined ? "" : ` (${TargetHealth.Reason})`;
  return `${Target?.Id}:${Target?.Port} ${TargetHealth?.State}${reason}`;
}
