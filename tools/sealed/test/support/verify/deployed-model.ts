import type { FilteredLogEvent } from "@aws-sdk/client-cloudwatch-logs";
import type { SecurityGroupRule } from "@aws-sdk/client-ec2";
import type { ConfigurationOptionSetting, EnvironmentDescription } from "@aws-sdk/client-elastic-beanstalk";
import type {
  InstanceState,
  LoadBalancerDescription,
  PolicyDescription,
} from "@aws-sdk/client-elastic-load-balancing";
import type {
  Listener,
  Rule,
  TargetGroup,
  TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { DBInstance, Parameter } from "@aws-sdk/client-rds";
import { type Topology, type TopologyFacts, topologies } from "@sealed/infra/topologies";
import { balancerPart } from "./deployed-balancers.ts";
import { ENVIRONMENT, GROUPS, INSTANCES } from "./deployed-names.ts";

/** What AWS would answer about a deployment. A test changes one thing of it. */
export interface Model {
  url: string | undefined;
  topology: Topology;
  instances: readonly { id: string; name: string }[];
  hasLoadBalancer: boolean;
  environment: EnvironmentDescription | undefined;
  settings: ConfigurationOptionSetting[];
  listeners: Listener[];
  /** Rules of any listener that is asked for. */
  listenerRules: Rule[];
  targetGroups: TargetGroup[];
  targets: TargetHealthDescription[];
  classic: LoadBalancerDescription | undefined;
  policies: PolicyDescription[];
  instanceStates: InstanceState[];
  rules: SecurityGroupRule[];
  databases: DBInstance[];
  /** In two pages. */
  parameters: Parameter[];
  log: FilteredLogEvent[];
  /** In ACM. */
  certificatePem: string;
  /** What each instance prints when it looks at what it serves. */
  servedBy: Record<string, string>;
}

/** What a model is made from. */
export interface ModelOptions {
  url: string;
  topology: Topology;
  certificatePem: string;
  /** Of the app, by instance name. */
  fingerprints: Readonly<Record<string, string>>;
}

/** Returns what AWS would answer about a deployment on which everything is as it was deployed. */
export function deployedModel({ url, topology, certificatePem, fingerprints }: ModelOptions): Model {
  const facts: TopologyFacts = topologies[topology];
  const instances = facts.loadBalancer === "none" ? INSTANCES.slice(0, 1) : [...INSTANCES];
  return {
    url,
    topology,
    hasLoadBalancer: facts.loadBalancer !== "none",
    instances,
    environment: {
      EnvironmentName: ENVIRONMENT,
      ApplicationName: "sealed-sandbox",
      Status: "Ready",
      Health: "Green",
    },
    settings: appSettings(topology),
    ...balancerPart(
      facts,
      instances.map(({ id }) => id),
    ),
    rules: groupRules(facts),
    databases: [database()],
    parameters: [
      { ParameterName: "max_connections", ParameterValue: "60" },
      { ParameterName: "require_secure_transport", ParameterValue: "1" },
      { ParameterName: "tls_version", ParameterValue: "TLSv1.2,TLSv1.3" },
    ],
    log: instances.map(({ id, name }) => published(id, name, fingerprints[name] ?? "")),
    certificatePem,
    servedBy: Object.fromEntries(
      instances.map(({ id, name }) => [id, `sha256 Fingerprint=${fingerprints[name]}\n`]),
    ),
  };
}

const HOUR_MS = 3_600_000;

/** Returns a time so many hours ago, in epoch milliseconds. */
export function hoursAgo(hours: number): number {
  return Date.now() - hours * HOUR_MS;
}

/** Returns a line of an instance's log in which it publishes its certificate. */
export function published(
  id: string,
  name: string,
  fingerprint256: string,
  timestamp = hoursAgo(1),
): FilteredLogEvent {
  const line = JSON.stringify({ level: "info", instance: name, fingerprint256, msg: "listening" });
  return { logStreamName: id, timestamp, message: `Nov 22 09:00:00 ${name} web[2213]: ${line}` };
}

/** Returns a rule that admits a port from a range or a group. */
export function admits(group: string, port: number, from: string): SecurityGroupRule {
  const peer = from.startsWith("sg-") ? { ReferencedGroupInfo: { GroupId: from } } : { CidrIpv4: from };
  return {
    GroupId: group,
    SecurityGroupRuleId: "sgr-1",
    IsEgress: false,
    IpProtocol: "tcp",
    FromPort: port,
    ToPort: port,
    ...peer,
  };
}

function appSettings(topology: Topology): ConfigurationOptionSetting[] {
  const values = {
    TOPOLOGY: topology,
    HOPS_PAGE: "on",
    DB_AUTH: "iam",
    ...(topology === "alb-terminate" && { UNSEALED_PLAIN_HTTP: "true" }),
  };
  return Object.entries(values).map(([OptionName, Value]) => ({
    Namespace: "aws:elasticbeanstalk:application:environment",
    OptionName,
    Value,
  }));
}

function groupRules(facts: TopologyFacts): SecurityGroupRule[] {
  const front =
    facts.instanceAdmits === "clients"
      ? [admits(GROUPS.instances, 443, "0.0.0.0/0")]
      : [
          admits(GROUPS.balancer, 443, "0.0.0.0/0"),
          admits(GROUPS.instances, facts.processPort, GROUPS.balancer),
        ];
  return [
    ...front,
    admits(GROUPS.database, 3307, GROUPS.instances),
    admits(GROUPS.database, 3307, GROUPS.preparation),
    { ...admits(GROUPS.instances, 443, "0.0.0.0/0"), IsEgress: true },
  ];
}

function database(): DBInstance {
  return {
    DBInstanceIdentifier: "sealed-sandbox",
    DBInstanceStatus: "available",
    PubliclyAccessible: false,
    StorageEncrypted: true,
    IAMDatabaseAuthenticationEnabled: true,
    CACertificateIdentifier: "rds-ca-ecc384-g1",
    Endpoint: { Port: 3307 },
    VpcSecurityGroups: [{ VpcSecurityGroupId: GROUPS.database }],
    DBParameterGroups: [{ DBParameterGroupName: "sealed-parameters", ParameterApplyStatus: "in-sync" }],
  };
}
