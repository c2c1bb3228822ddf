import { type PriceName, SIZES } from "../price-names.ts";

/** How a price is found in AWS's price list. */
export interface PriceQuery {
  /** AWS's code of the service. */
  service: string;
  /** Attribute that has the Region. Default: `regionCode`. */
  regionField?: "regionCode" | "fromRegionCode";
  /** Attributes that AWS is asked for. */
  filters: Readonly<Record<string, string>>;
  /** Among the answers, those whose usage type is this. */
  usageType: RegExp;
  /** How many of AWS's units make one of ours. Default: 1. */
  unitsPerPrice?: number;
}

/** Usage types begin with a short name of the Region, as `EU-`, or with none, or with `USE1-`. */
function usage(name: string): RegExp {
  return new RegExp(`^([A-Z]{2,4}\\d?-|[a-z]{2}-[a-z]+-\\d-)?${name}$`);
}

const loadBalancer = (family: string, usageType: string): PriceQuery => ({
  service: "AWSELB",
  filters: { productFamily: family },
  usageType: usage(usageType),
});
const cloudWatch = (usageType: string): PriceQuery => ({
  service: "AmazonCloudWatch",
  filters: {},
  usageType: usage(usageType),
});
const network = (service: string, usageType: string, filters = {}): PriceQuery => ({
  service,
  filters,
  usageType: usage(usageType),
});
/** What is moved has a Region from which and one to which, and none besides. */
const transfer = (type: string, usageType: string): PriceQuery => ({
  ...network("AWSDataTransfer", usageType, { transferType: type }),
  regionField: "fromRegionCode",
});
const waf = (usageType: string, unitsPerPrice = 1): PriceQuery => ({
  service: "awswaf",
  filters: {},
  usageType: usage(usageType),
  unitsPerPrice,
});

/**
 * Where AWS's price list has each price.
 *
 * @see https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-price-list-query-api.html
 */
export const priceQueries: Readonly<Partial<Record<PriceName, PriceQuery>>> = {
  "acm.exportable": network("AWSCertificateManager", "ExportablePublicCertificate-FQDN"),
  "alb.hour": loadBalancer("Load Balancer-Application", "LoadBalancerUsage"),
  "alb.lcu-hour": loadBalancer("Load Balancer-Application", "LCUUsage"),
  "clb.gb": loadBalancer("Load Balancer", "DataProcessing-Bytes"),
  "clb.hour": loadBalancer("Load Balancer", "LoadBalancerUsage"),
  "cloudwatch.alarm": cloudWatch("CW:AlarmMonitorUsage"),
  "cloudwatch.dashboard": cloudWatch("DashboardsUsageHour(-Basic)?"),
  "cloudwatch.metric": cloudWatch("CW:MetricMonitorUsage"),
  "ebs.gp3": network("AmazonEC2", "EBS:VolumeUsage\\.gp3", { volumeApiName: "gp3" }),
  "kms.key": network("awskms", "KMS-Keys"),
  "logs.ingested": cloudWatch("DataProcessing-Bytes"),
  "logs.stored": cloudWatch("TimedStorage-ByteHrs"),
  "logs.vended": cloudWatch("VendedLog-Bytes"),
  "nat-gateway.gb": network("AmazonEC2", "NatGateway-Bytes", { productFamily: "NAT Gateway" }),
  "nat-gateway.hour": network("AmazonEC2", "NatGateway-Hours", { productFamily: "NAT Gateway" }),
  "nlb.hour": loadBalancer("Load Balancer-Network", "LoadBalancerUsage"),
  "nlb.lcu-hour": loadBalancer("Load Balancer-Network", "LCUUsage"),
  "public-ipv4.hour": network("AmazonVPC", "PublicIPv4:InUseAddress"),
  "rds.backup": network("AmazonRDS", "RDS:ChargedBackupUsage", { databaseEngine: "MySQL" }),
  "rds.gp3.multi-az": databaseStorage("Multi-AZ", "RDS:Multi-AZ-GP3-Storage"),
  "rds.gp3.single-az": databaseStorage("Single-AZ", "RDS:GP3-Storage"),
  "s3.storage": network("AmazonS3", "TimedStorage-ByteHrs"),
  secret: network("AWSSecretsManager", "AWSSecretsManager-Secrets"),
  "transfer.between-zones": transfer("IntraRegion", "DataTransfer-Regional-Bytes"),
  "transfer.out": transfer("AWS Outbound", "DataTransfer-Out-Bytes"),
  "vpc-endpoint.gb": network("AmazonVPC", "VpcEndpoint-Bytes"),
  "vpc-endpoint.hour": network("AmazonVPC", "VpcEndpoint-Hours"),
  "waf.acl": waf("WebACLV2"),
  "waf.million-requests": waf("RequestV2-Tier0", 1_000_000),
  "waf.rule": waf("RuleV2"),
  ...Object.fromEntries(SIZES.map((size) => [`ec2.t4g.${size}`, instance(`t4g.${size}`)])),
  ...Object.fromEntries(
    SIZES.slice(1).flatMap((size) => [
      [`rds.mysql.db.t4g.${size}.single-az`, database(`db.t4g.${size}`, "Single-AZ", "InstanceUsage")],
      [`rds.mysql.db.t4g.${size}.multi-az`, database(`db.t4g.${size}`, "Multi-AZ", "Multi-AZUsage")],
    ]),
  ),
};

function instance(type: string): PriceQuery {
  return network("AmazonEC2", `BoxUsage:${type}`, {
    instanceType: type,
    operatingSystem: "Linux",
    tenancy: "Shared",
    preInstalledSw: "NA",
    capacitystatus: "Used",
  });
}

function database(type: string, deploymentOption: string, usageType: string): PriceQuery {
  return network("AmazonRDS", `${usageType}:${type}`, {
    instanceType: type,
    databaseEngine: "MySQL",
    deploymentOption,
  });
}

function databaseStorage(deploymentOption: string, usageType: string): PriceQuery {
  return network("AmazonRDS", usageType, { volumeType: "General Purpose-GP3", deploymentOption });
}
