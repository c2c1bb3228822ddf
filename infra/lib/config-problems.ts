import { isIPv4 } from "node:net";
import type { DeploymentSettings } from "./config.ts";
import { environmentProblems, KEY_ARN } from "./environment-problems.ts";
import { presets } from "./presets.ts";
import { regionProblem } from "./regions.ts";
import { shapeProblems } from "./settings-shape.ts";
import { type Topology, type TopologyFacts, topologies, topologyNames } from "./topologies.ts";

/** @see https://docs.aws.amazon.com/acm/latest/userguide/acm-concepts.html `Domain names` */
const MAX_DOMAIN_LENGTH = 64;
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/;

/** Says what is wrong with the settings of a deployment: one sentence each, what is wrong, what is allowed. */
export function configProblems(settings: DeploymentSettings): string[] {
  const shapes = shapeProblems(settings);
  // The rules read into these values: they would stumble over another shape.
  if (shapes.length > 0) return shapes;
  const facts: TopologyFacts | undefined = topologies[settings.topology as Topology];
  return [
    ...placeProblems(settings),
    ...topologyProblems(settings, facts),
    ...egressProblems(settings),
    ...domainProblems(settings, facts),
    ...certificateProblems(settings, facts),
    ...backendKeyProblems(settings),
    ...limitProblems(settings),
    ...environmentProblems(settings),
  ];
}

function placeProblems({ account, region, name, preset, platformArn }: DeploymentSettings): string[] {
  const problems: string[] = [];
  if (!/^\d{12}$/.test(account)) problems.push(`account must be 12 digits, got "${account}"`);
  const wrongRegion = regionProblem(region);
  if (wrongRegion !== undefined) problems.push(wrongRegion);
  // RDS takes no two hyphens in a row in the name of a database.
  if (name !== undefined && (!/^[a-z][a-z0-9-]{0,10}[a-z0-9]$/.test(name) || name.includes("--"))) {
    problems.push(
      `name must be 2 to 12 of a-z, 0-9 and single hyphens, starting with a letter, got "${name}"`,
    );
  }
  if (!Object.hasOwn(presets, preset)) {
    problems.push(`preset must be one of ${Object.keys(presets).join(", ")}, got "${preset}"`);
  }
  if (
    platformArn !== undefined &&
    !/^arn:[^:]+:elasticbeanstalk:[^:]*:[^:]*:platform\/.+/.test(platformArn)
  ) {
    problems.push(`platformArn must be the ARN of an Elastic Beanstalk platform, got "${platformArn}"`);
  }
  return problems;
}

function topologyProblems({ topology, preset, lesson }: DeploymentSettings, facts?: TopologyFacts): string[] {
  if (facts === undefined) return [`topology must be one of ${topologyNames.join(", ")}, got "${topology}"`];
  const problems: string[] = [];
  if (facts.lesson && lesson !== true) {
    problems.push(
      `topology ${topology} sends plain HTTP to the app: set lesson to true or give --lesson, for a lesson only, or take alb-reencrypt`,
    );
  }
  if (preset === "production" && (facts.lesson || !facts.redundant)) {
    problems.push(
      `topology ${topology} does not fit preset production, allowed: ${topologyNames.filter((t) => topologies[t].redundant && !topologies[t].lesson).join(", ")}`,
    );
  }
  return problems;
}

function egressProblems({ egress, s3PrefixListId, region }: DeploymentSettings): string[] {
  const problems: string[] = [];
  if (egress !== undefined && !["nat-instance", "nat-gateways", "endpoints"].includes(egress)) {
    problems.push(`egress must be one of nat-instance, nat-gateways, endpoints, got "${egress}"`);
  }
  if (s3PrefixListId !== undefined && !/^pl-[0-9a-f]+$/.test(s3PrefixListId)) {
    problems.push(`s3PrefixListId must be one such as pl-6da54004, got "${s3PrefixListId}"`);
  }
  if (egress === "endpoints" && s3PrefixListId === undefined) {
    problems.push(
      `egress endpoints requires s3PrefixListId: aws ec2 describe-managed-prefix-lists --region ${region} --filters Name=prefix-list-name,Values=com.amazonaws.${region}.s3 --query PrefixLists[0].PrefixListId`,
    );
  }
  return problems;
}

function domainProblems({ domain, preset, topology }: DeploymentSettings, facts?: TopologyFacts): string[] {
  if (domain === undefined) {
    return preset === "production"
      ? [
          "production requires domain { name, zoneName, hostedZoneId }: its clients verify a public certificate",
        ]
      : [];
  }
  const problems: string[] = [];
  if (!DOMAIN.test(domain.name))
    problems.push(`domain.name must be a DNS name in lower case, got "${domain.name}"`);
  if (domain.name.length > MAX_DOMAIN_LENGTH) {
    problems.push(
      `domain.name must have at most ${MAX_DOMAIN_LENGTH} characters, for ACM takes no longer one, got ${domain.name.length}`,
    );
  }
  if (domain.name !== domain.zoneName && !domain.name.endsWith(`.${domain.zoneName}`)) {
    problems.push(`domain.name must be in the zone ${domain.zoneName}, got "${domain.name}"`);
  }
  if (!/^Z[A-Z0-9]+$/.test(domain.hostedZoneId)) {
    problems.push(`domain.hostedZoneId must be one such as Z0123456789ABC, got "${domain.hostedZoneId}"`);
  }
  const needsAlias = facts !== undefined && !facts.shared && facts.loadBalancer !== "none";
  if (needsAlias && domain.name === domain.zoneName) {
    problems.push(
      `domain.name must be below the zone with topology ${topology}, for its record is a CNAME, got "${domain.name}"`,
    );
  }
  return problems;
}

function certificateProblems(settings: DeploymentSettings, facts?: TopologyFacts): string[] {
  const { instanceCertificate: certificate, topology, preset, domain } = settings;
  if (facts === undefined) return [];
  if (certificate === undefined) {
    return preset === "production" && !facts.terminatesTls
      ? [`production with ${topology} requires instanceCertificate: clients verify the app's own certificate`]
      : [];
  }
  const problems: string[] = [];
  if (facts.terminatesTls) {
    problems.push(
      `instanceCertificate does not fit topology ${topology}: the load balancer shows the certificate`,
    );
  }
  if (
    "secretArn" in certificate &&
    !/^arn:[^:]+:secretsmanager:\S+:secret:\S+$/.test(certificate.secretArn)
  ) {
    problems.push(
      `instanceCertificate.secretArn must be the ARN of a secret, got "${certificate.secretArn}"`,
    );
  }
  if ("secretArn" in certificate && certificate.keyArn !== undefined && !KEY_ARN.test(certificate.keyArn)) {
    problems.push(`instanceCertificate.keyArn must be the ARN of a KMS key, got "${certificate.keyArn}"`);
  }
  if ("acmExport" in certificate && domain === undefined) {
    problems.push("instanceCertificate.acmExport requires domain: ACM validates it in that zone");
  }
  return problems;
}

function backendKeyProblems({ backendKeys, topology }: DeploymentSettings): string[] {
  if (backendKeys === undefined) return [];
  const problems: string[] = [];
  const { trusted, serving } = backendKeys;
  if (topology !== "clb-backend-auth")
    problems.push(`backendKeys fits topology clb-backend-auth only, got ${topology}`);
  if (trusted.length < 1 || trusted.length > 2 || new Set(trusted).size !== trusted.length) {
    problems.push(
      `backendKeys.trusted must name one key, or two while they change, got [${trusted.join(", ")}]`,
    );
  }
  if (trusted.some((key) => !Number.isInteger(key) || key < 1)) {
    problems.push(`backendKeys.trusted must hold whole numbers from 1, got [${trusted.join(", ")}]`);
  }
  if (!trusted.includes(serving)) {
    problems.push(
      `backendKeys.serving must be one of the trusted keys [${trusted.join(", ")}], got ${serving}: the load balancer would refuse every instance`,
    );
  }
  return problems;
}

function limitProblems({
  clients,
  alarmEmail,
  timeToLiveHours,
  webAcl,
  topology,
}: DeploymentSettings): string[] {
  const problems: string[] = [];
  for (const range of clients ?? []) {
    if (!isRange(range))
      problems.push(`clients must list IPv4 ranges such as 203.0.113.0/24, got "${range}"`);
  }
  if (clients?.length === 0) problems.push("clients must list at least one range: nobody could connect");
  if (alarmEmail !== undefined && !/^[^@\s]+@[^@\s]+$/.test(alarmEmail)) {
    problems.push(`alarmEmail must be a mail address, got "${alarmEmail}"`);
  }
  if (
    timeToLiveHours !== undefined &&
    !(Number.isInteger(timeToLiveHours) && timeToLiveHours >= 1 && timeToLiveHours <= 720)
  ) {
    problems.push(`timeToLiveHours must be a whole number from 1 to 720, got ${timeToLiveHours}`);
  }
  if (webAcl === true && topology in topologies && topologies[topology].loadBalancer !== "application") {
    problems.push(`webAcl fits an application load balancer only, got topology ${topology}`);
  }
  return problems;
}

function isRange(range: string): boolean {
  const [address = "", bits = "", ...rest] = range.split("/");
  return isIPv4(address) && /^(\d|[12]\d|3[0-2])$/.test(bits) && rest.length === 0;
}
