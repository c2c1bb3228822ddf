import { configProblems } from "./config-problems.ts";
import { type DeploymentPolicy, defaultPolicy, type EnvironmentSecrets } from "./environment-problems.ts";
import { type Preset, type PresetName, presets } from "./presets.ts";
import type { Topology } from "./topologies.ts";

/** What an engineer writes into sealed.config.ts. */
export interface DeploymentSettings {
  /** The only account that is deployed to: 12 digits. */
  account: string;
  /** Region, such as eu-west-1: one of `SUPPORTED_REGIONS`. */
  region: string;
  preset: PresetName;
  topology: Topology;
  /** Prefix of every name, 2 to 12 of a-z, 0-9 and single hyphens. Default: `sealed`. */
  name?: string;
  /** Required by a topology that shows a weakness. Default: `false`. */
  lesson?: boolean;
  /** How instances reach AWS: one small instance, managed gateways, or VPC endpoints and no Internet. Default: the preset's. */
  egress?: Preset["egress"];
  /** Id of the Region's S3 prefix list, which egress by endpoints requires. */
  s3PrefixListId?: string;
  /** Name under which clients come, with the public hosted zone that holds it. Required in production. */
  domain?: { name: string; zoneName: string; hostedZoneId: string };
  /**
   * Where the app's own certificate comes from when clients see it (`nlb-passthrough`, `single-instance`). `keyArn` is
   * the secret's KMS key, where it is one of your own. Default: self-signed.
   */
  instanceCertificate?: { secretArn: string; keyArn?: string } | { acmExport: true };
  /** Key pairs that the classic load balancer trusts, by number, and the one the app uses. Default: `{ trusted: [1], serving: 1 }`. */
  backendKeys?: { trusted: readonly number[]; serving: number };
  /** Address ranges that may connect to port 443. Default: everybody. */
  clients?: readonly string[];
  /** A web ACL before an application load balancer. Default: the preset's. */
  webAcl?: boolean;
  /** Port 80 of an application load balancer sends clients on to HTTPS. Default: `false`, nothing listens there. */
  httpRedirect?: boolean;
  /** How a new version reaches the instances. Default: the preset's, and `AllAtOnce` for a single instance. */
  deploymentPolicy?: DeploymentPolicy;
  /**
   * Environment variables whose values Elastic Beanstalk reads from Secrets Manager or Parameter Store when an
   * instance starts, and not again. `arn` may end with `:KEY` for one key of a JSON secret; `keyArn` is the KMS
   * key, where it is one of your own. Default: none, for the app itself needs none.
   */
  environmentSecrets?: EnvironmentSecrets;
  /** The account's default encryption of EBS volumes: turn it on, or fail when it is off. Default: the preset's. */
  ebsEncryption?: Preset["ebsEncryption"];
  /** Address that gets the alarms by mail. Default: nobody, the topic is made all the same. */
  alarmEmail?: string;
  /** Hours after which a sandbox counts as forgotten; a tag, read by `turbo destroy` and `doctor`. Default: 72. */
  timeToLiveHours?: number;
  /** Platform to use in place of the newest Node.js 24 one. */
  platformArn?: string;
}

/** A deployment with every default filled in. */
export interface DeploymentConfig
  extends Required<
    Omit<DeploymentSettings, "s3PrefixListId" | "domain" | "instanceCertificate" | "alarmEmail" | "preset">
  > {
  s3PrefixListId: string | undefined;
  domain: DeploymentSettings["domain"] | undefined;
  instanceCertificate: DeploymentSettings["instanceCertificate"] | undefined;
  alarmEmail: string | undefined;
  presetName: PresetName;
  preset: Preset;
}

/**
 * The newest platform of the branch, whichever that is at deployment.
 *
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/AWSHowTo.secrets.env-vars.html
 */
const NODE_24_PLATFORM = "arn:aws:elasticbeanstalk:::platform/Node.js 24 running on 64bit Amazon Linux 2023";

/**
 * Returns the deployment that the settings describe.
 *
 * @throws Error that lists every problem of the settings at once.
 */
export function loadConfig(settings: DeploymentSettings): DeploymentConfig {
  const problems = configProblems(settings);
  if (problems.length > 0) {
    throw new Error(
      `sealed.config.ts has ${problems.length} ${problems.length === 1 ? "problem" : "problems"}:\n${problems.map((p) => `- ${p}`).join("\n")}`,
    );
  }
  const preset = presets[settings.preset];
  return Object.freeze({
    account: settings.account,
    region: settings.region,
    topology: settings.topology,
    presetName: settings.preset,
    preset,
    name: settings.name ?? "sealed",
    lesson: settings.lesson ?? false,
    egress: settings.egress ?? preset.egress,
    s3PrefixListId: settings.s3PrefixListId,
    domain: settings.domain,
    instanceCertificate: settings.instanceCertificate,
    backendKeys: settings.backendKeys ?? { trusted: [1], serving: 1 },
    clients: settings.clients ?? ["0.0.0.0/0"],
    webAcl: settings.webAcl ?? preset.webAcl,
    httpRedirect: settings.httpRedirect ?? false,
    deploymentPolicy: settings.deploymentPolicy ?? defaultPolicy(settings.topology, preset),
    environmentSecrets: settings.environmentSecrets ?? {},
    ebsEncryption: settings.ebsEncryption ?? preset.ebsEncryption,
    alarmEmail: settings.alarmEmail,
    timeToLiveHours: settings.timeToLiveHours ?? 72,
    platformArn: settings.platformArn ?? NODE_24_PLATFORM,
  });
}
