import { type ConfigSet, type Finding, type Rule, settingValue } from "../config-set.ts";
import { functionOf, logicalIdOf } from "../intrinsics.ts";
import { covers, type GroupRule, groupRules, isWholeInternet } from "../security-groups.ts";

const INSTANCES = "AWSEBSecurityGroup";
const ENVIRONMENT = "aws:elasticbeanstalk:application:environment";
const PROCESS = "aws:elasticbeanstalk:environment:process:default";

/** Where the app listens when HTTPS_PORT is not set. */
const DEFAULT_PORT = 443;

/** The groups let the process port through from the load balancer to the instances, and nothing else from outside. */
export const securityGroups: Rule = (set) => {
  // With CDK the groups are CDK's.
  if (set.mode === "cdk") return [];
  const rules = groupRules(set);
  const port = processPort(set);
  const entrance = loadBalancerGroup(set);
  return [
    ...(entrance === undefined ? [] : throughLoadBalancer(rules, entrance, port)),
    ...intoInstances(rules, entrance, port),
    ...tooOpen(rules, entrance ?? INSTANCES),
  ];
};

/** The app's hop is TLS: an HTTPS process, or TCP passed through. Only the lesson may be plain. */
export const encryptedHop: Rule = (set) => {
  if (set.mode === "cdk" || set.loadBalancer === "none") return [];
  return [wrongProtocol(set), wrongPort(set), plainListener(set)]
    .filter((message) => message !== undefined)
    .map((message) => ({ rule: "encrypted-hop", file: "several files", message }));
};

function wrongProtocol(set: ConfigSet): string | undefined {
  const [namespace, optionName] =
    set.loadBalancer === "classic"
      ? (["aws:elb:listener:443", "InstanceProtocol"] as const)
      : ([PROCESS, "Protocol"] as const);
  const sealed = set.loadBalancer === "network" ? "TCP" : "HTTPS";
  const wanted = set.topology === "alb-terminate" ? "HTTP" : sealed;
  const found = settingValue(set, namespace, optionName);
  return found === wanted
    ? undefined
    : `${namespace} ${optionName} must be ${wanted} with ${set.topology}, got "${found ?? "nothing"}"`;
}

function wrongPort(set: ConfigSet): string | undefined {
  const listens = Number(settingValue(set, ENVIRONMENT, "HTTPS_PORT") ?? DEFAULT_PORT);
  const port = processPort(set);
  return listens === port
    ? undefined
    : `the app listens on ${listens} (HTTPS_PORT), the load balancer connects to ${port}`;
}

function plainListener(set: ConfigSet): string | undefined {
  const namespace = set.loadBalancer === "classic" ? "aws:elb:listener" : "aws:elbv2:listener:default";
  return settingValue(set, namespace, "ListenerEnabled") === "false"
    ? undefined
    : `${namespace} ListenerEnabled must be false: by default Beanstalk opens port 80`;
}

function processPort(set: ConfigSet): number {
  const value =
    settingValue(set, PROCESS, "Port") ?? settingValue(set, "aws:elb:listener:443", "InstancePort");
  return value === undefined ? DEFAULT_PORT : Number(value);
}

/** Returns the group of the load balancer; `undefined` where clients reach the instances' group themselves. */
function loadBalancerGroup(set: ConfigSet): string | undefined {
  const { loadBalancer } = set;
  if (loadBalancer === "none" || loadBalancer === "network") return undefined;
  const namespace = loadBalancer === "classic" ? "aws:elb:loadbalancer" : "aws:elbv2:loadbalancer";
  const value = settingValue(set, namespace, "SecurityGroups");
  // Without the option Beanstalk makes a group, with port 80 open and everything allowed out.
  return (value && logicalIdOf(functionOf(value))) ?? "AWSEBLoadBalancerSecurityGroup";
}

function throughLoadBalancer(rules: readonly GroupRule[], group: string, port: number): Finding[] {
  const out = rules.filter((rule) => rule.group === group && rule.direction === "out");
  const wide = out.filter((rule) => isWholeInternet(rule) && rule.fromPort <= rule.toPort);
  return [
    ...(out.some((rule) => covers(rule, port) && rule.peer === INSTANCES)
      ? []
      : [
          `no egress rule of ${group} lets port ${port} out to ${INSTANCES}: every instance would be unhealthy`,
        ]),
    ...(out.length === 0 ? [`${group} has no egress rule, so that it may reach everything`] : []),
    ...wide.map(() => `${group} may reach every address there is`),
  ].map((message) => ({ rule: "security-groups", file: "several files", message }));
}

function intoInstances(rules: readonly GroupRule[], entrance: string | undefined, port: number): Finding[] {
  const admitted = rules.some(
    (rule) =>
      rule.group === INSTANCES &&
      rule.direction === "in" &&
      covers(rule, port) &&
      (entrance === undefined ? isWholeInternet(rule) : rule.peer === entrance),
  );
  if (admitted) return [];
  const from = entrance ?? "clients";
  const message = `no ingress rule of ${INSTANCES} admits port ${port} from ${from}`;
  return [{ rule: "security-groups", file: "several files", message }];
}

function tooOpen(rules: readonly GroupRule[], exposed: string): Finding[] {
  return rules
    .filter((rule) => rule.direction === "in" && isWholeInternet(rule))
    .filter((rule) => rule.group !== exposed || rule.fromPort !== 443 || rule.toPort !== 443)
    .map((rule) => ({
      rule: "security-groups",
      file: rule.file,
      message: `${rule.group} admits ports ${rule.fromPort} to ${rule.toPort} from everywhere, allowed: 443 on ${exposed}`,
    }));
}
