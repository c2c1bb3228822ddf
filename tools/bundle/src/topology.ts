import type { LoadBalancerKind, OptionSetting } from "@sealed/infra/eb-options";
import type { Topology } from "@sealed/web/settings";

export { TOPOLOGIES, type Topology } from "@sealed/web/settings";

/** What a topology means for Elastic Beanstalk. */
export interface TopologyFacts {
  loadBalancer: LoadBalancerKind;
  /** Files of `.ebextensions` for an environment that nobody else configures. */
  standalone: readonly string[];
  /** Files for an environment made by CDK: only what Beanstalk has no option for. */
  withCdk: readonly string[];
  /** Settings that only the person who deploys knows, each with an example value. */
  personal: readonly OptionSetting[];
}

const REPLACE_UNHEALTHY = "elb-health-replaces-instances.config";
const GROUPS = ["https-lbsecuritygroup.config", "https-backendsecurity.config"];
const EXAMPLE_CERTIFICATE =
  "arn:aws:acm:eu-west-1:111122223333:certificate/00000000-0000-0000-0000-000000000000";

const everywhere = [
  personal("aws:elasticbeanstalk:application:environment", "PUBLIC_HOSTS", "app.example.com"),
  personal(
    "aws:elasticbeanstalk:application:environment",
    "DB_HOST",
    "notes.example.eu-west-1.rds.amazonaws.com",
  ),
  personal("aws:elasticbeanstalk:application:environment", "DB_NAME", "notes"),
  personal("aws:elasticbeanstalk:application:environment", "DB_USER", "app"),
  personal("aws:autoscaling:launchconfiguration", "IamInstanceProfile", "notes-instances"),
  personal("aws:elasticbeanstalk:environment", "ServiceRole", "aws-elasticbeanstalk-service-role"),
];
const proxySettings = [
  personal("aws:elasticbeanstalk:application:environment", "TRUSTED_PROXIES", "10.0.0.0/16"),
  personal("aws:ec2:vpc", "VPCId", "vpc-0123456789abcdef0"),
];
const albSettings = [
  ...everywhere,
  ...proxySettings,
  personal("aws:elbv2:listener:443", "SSLCertificateArns", EXAMPLE_CERTIFICATE),
];

/** Everything that differs by topology, in one table. */
export const topologyFacts: Readonly<Record<Topology, TopologyFacts>> = {
  "alb-reencrypt": {
    loadBalancer: "application",
    standalone: ["https-reencrypt-alb.config", ...GROUPS, REPLACE_UNHEALTHY, "plain-environment.config"],
    withCdk: [REPLACE_UNHEALTHY],
    personal: albSettings,
  },
  "clb-backend-auth": {
    loadBalancer: "classic",
    standalone: [
      "https-reencrypt-clb.config",
      "https-backendauth.config",
      ...GROUPS,
      REPLACE_UNHEALTHY,
      "plain-environment.config",
    ],
    withCdk: [REPLACE_UNHEALTHY],
    personal: [
      ...everywhere,
      ...proxySettings,
      personal("aws:elasticbeanstalk:application:environment", "TLS_SECRET_ID", "notes/instance-certificate"),
      personal("aws:elb:listener:443", "SSLCertificateId", EXAMPLE_CERTIFICATE),
      personal("aws:elb:policies:backendkey", "PublicKey", "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE"),
    ],
  },
  "nlb-passthrough": {
    loadBalancer: "network",
    standalone: [
      "https-passthrough-nlb.config",
      "nlb-health-check.config",
      REPLACE_UNHEALTHY,
      "plain-environment.config",
    ],
    withCdk: ["nlb-health-check.config", REPLACE_UNHEALTHY],
    personal: everywhere,
  },
  "single-instance": {
    loadBalancer: "none",
    standalone: ["https-single-instance.config", "plain-environment.config"],
    withCdk: [],
    personal: everywhere,
  },
  "alb-terminate": {
    loadBalancer: "application",
    standalone: [
      "https-terminate-alb.config",
      "https-lbsecuritygroup.config",
      REPLACE_UNHEALTHY,
      "plain-environment.config",
    ],
    withCdk: [REPLACE_UNHEALTHY],
    personal: albSettings,
  },
};

/** Who configures the environment: the files alone, or CDK with them. */
export type Mode = "standalone" | "cdk";

/** Returns the names of the `.ebextensions` files that go into the bundle. */
export function chosenFiles(topology: Topology, mode: Mode): readonly string[] {
  const facts = topologyFacts[topology];
  return mode === "cdk" ? facts.withCdk : facts.standalone;
}

function personal(namespace: string, optionName: string, value: string): OptionSetting {
  return { namespace, optionName, value };
}
