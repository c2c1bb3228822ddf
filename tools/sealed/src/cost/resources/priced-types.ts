import { hourly, type Item } from "../item.ts";
import { HOURS_PER_MONTH, type PriceName } from "../price-names.ts";
import { DETAILED_METRICS, environmentItems, loadBalancerItems } from "./environment.ts";

type Properties = Readonly<Record<string, unknown>>;

/** Disk of an instance whose template names no size: that of Amazon Linux's image. */
const IMAGE_DISK_GB = 8;

/** A certificate is issued anew, and paid anew, after so many months: it is valid for 198 days. */
const CERTIFICATE_MONTHS = 6.5;

/** What one resource of a type costs while it is there; what goes through it is counted in `usage-items.ts`. */
export const pricedTypes: Readonly<Record<string, (properties: Properties) => Item[]>> = {
  "AWS::Backup::BackupPlan": () => [],
  "AWS::CertificateManager::Certificate": ({ CertificateExport }) =>
    CertificateExport === "ENABLED"
      ? [monthly("keys and secrets", "exportable certificate", "acm.exportable", 1 / CERTIFICATE_MONTHS)]
      : [],
  "AWS::CloudWatch::Alarm": () => [monthly("observation", "alarms", "cloudwatch.alarm")],
  "AWS::CloudWatch::Dashboard": () => [monthly("observation", "dashboard", "cloudwatch.dashboard")],
  "AWS::EC2::EIP": () => [hour("network", "public addresses of the NAT gateways", "public-ipv4.hour")],
  "AWS::EC2::Instance": natInstance,
  "AWS::EC2::NatGateway": () => [hour("network", "NAT gateways", "nat-gateway.hour")],
  "AWS::EC2::VPCEndpoint": ({ VpcEndpointType, SubnetIds = [] }) =>
    VpcEndpointType === "Interface"
      ? [
          hourly(
            "network",
            "interface endpoints",
            "vpc-endpoint.hour",
            (SubnetIds as unknown[]).length,
            HOURS_PER_MONTH,
          ),
        ]
      : [],
  "AWS::ElasticBeanstalk::Environment": environmentItems,
  "AWS::ElasticLoadBalancingV2::LoadBalancer": () =>
    loadBalancerItems("application load balancer", "alb.hour"),
  "AWS::KMS::Key": () => [monthly("keys and secrets", "KMS keys", "kms.key")],
  "AWS::Logs::MetricFilter": () => [
    monthly("observation", "metrics from the app's log", "cloudwatch.metric"),
  ],
  "AWS::RDS::DBInstance": database,
  "AWS::SecretsManager::Secret": () => [monthly("keys and secrets", "secrets", "secret")],
  "AWS::WAFv2::WebACL": ({ Rules = [] }) => [
    monthly("load balancer", "web ACL", "waf.acl"),
    monthly("load balancer", "rules of the web ACL", "waf.rule", (Rules as unknown[]).length),
  ],
};

function natInstance({ InstanceType, Monitoring }: Properties): Item[] {
  const type = String(InstanceType);
  return [
    hour("network", `NAT instance (${type})`, `ec2.${type}`),
    hour("network", "public address of the NAT instance", "public-ipv4.hour"),
    monthly("network", "disk of the NAT instance", "ebs.gp3", IMAGE_DISK_GB),
    monthly(
      "observation",
      "detailed monitoring of the NAT instance",
      "cloudwatch.metric",
      Monitoring === true ? DETAILED_METRICS : 0,
    ),
  ];
}

function database(properties: Properties): Item[] {
  const { DBInstanceClass, MultiAZ, AllocatedStorage, ManageMasterUserPassword } = properties;
  const zones = MultiAZ === true ? "multi-az" : "single-az";
  const words = MultiAZ === true ? "with a standby" : "in one zone";
  return [
    hour("database", `${DBInstanceClass} ${words}`, `rds.mysql.${DBInstanceClass}.${zones}`),
    monthly("database", `storage ${words}`, `rds.gp3.${zones}`, Number(AllocatedStorage)),
    monthly("keys and secrets", "secrets", "secret", ManageMasterUserPassword === true ? 1 : 0),
  ];
}

function hour(group: Item["group"], what: string, price: PriceName): Item {
  return hourly(group, what, price, 1, HOURS_PER_MONTH);
}

function monthly(group: Item["group"], what: string, price: PriceName, quantity = 1): Item {
  return { group, what, price, quantity };
}
