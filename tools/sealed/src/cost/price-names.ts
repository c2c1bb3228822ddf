/** What a price is for: `hour` of one, `month` of one, `GB-month` stored, `GB` moved, and so on. */
export type Per = "hour" | "month" | "GB-month" | "GB" | "LCU-hour" | "million" | "certificate";

/** Hours of a month, as AWS's own calculator has it. */
export const HOURS_PER_MONTH = 730;

/** Every price that a deployment can need, and what it is for. */
const FIXED = {
  "acm.exportable": "certificate",
  "alb.hour": "hour",
  "alb.lcu-hour": "LCU-hour",
  "clb.gb": "GB",
  "clb.hour": "hour",
  "cloudwatch.alarm": "month",
  "cloudwatch.dashboard": "month",
  "cloudwatch.metric": "month",
  "ebs.gp3": "GB-month",
  "kms.key": "month",
  "logs.ingested": "GB",
  "logs.stored": "GB-month",
  "logs.vended": "GB",
  "nat-gateway.gb": "GB",
  "nat-gateway.hour": "hour",
  "nlb.hour": "hour",
  "nlb.lcu-hour": "LCU-hour",
  "public-ipv4.hour": "hour",
  "rds.backup": "GB-month",
  "rds.gp3.multi-az": "GB-month",
  "rds.gp3.single-az": "GB-month",
  "s3.storage": "GB-month",
  secret: "month",
  "transfer.between-zones": "GB",
  "transfer.out": "GB",
  "vpc-endpoint.gb": "GB",
  "vpc-endpoint.hour": "hour",
  "waf.acl": "month",
  "waf.million-requests": "million",
  "waf.rule": "month",
} as const satisfies Readonly<Record<string, Per>>;

/** Sizes of the one instance family that the presets take, for instances and for databases. */
export const SIZES = ["nano", "micro", "small", "medium", "large"] as const;

/** Name of a price; instances and databases by their type. */
export type PriceName = keyof typeof FIXED | `ec2.${string}` | `rds.mysql.${string}`;

/** Returns what a price is for. */
export function perOf(name: PriceName): Per {
  return name in FIXED ? FIXED[name as keyof typeof FIXED] : "hour";
}

/** All names that a complete price list of a Region has. */
export const priceNames: readonly PriceName[] = [
  ...(Object.keys(FIXED) as (keyof typeof FIXED)[]),
  ...SIZES.map((size) => `ec2.t4g.${size}` as const),
  // RDS has no nano.
  ...SIZES.slice(1).flatMap((size) =>
    (["single-az", "multi-az"] as const).map((zones) => `rds.mysql.db.t4g.${size}.${zones}` as const),
  ),
].sort();
