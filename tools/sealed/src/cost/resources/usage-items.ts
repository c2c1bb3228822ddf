import type { TemplateResource } from "../../deployment/assembly.ts";
import type { Item } from "../item.ts";
import type { PriceName } from "../price-names.ts";
import type { Usage } from "../usage.ts";

/**
 * What one unit of capacity does in an hour: GB, and new connections of one a second for an hour times the rate.
 *
 * @see https://aws.amazon.com/elasticloadbalancing/pricing/
 */
const CAPACITY = {
  "alb.lcu-hour": { gb: 1, connections: 25 * 3_600 },
  "nlb.lcu-hour": { gb: 1, connections: 800 * 3_600 },
} as const;

/** Months that a log is kept on average over the first year, while its retention is a year. */
const LOG_MONTHS = 6;

/** GB of source bundles and access logs in the buckets. */
const BUCKETS_GB = 1;

/** Returns what goes through the resources of a deployment in a month, as far as it is charged. */
export function usageItems(
  resources: readonly TemplateResource[],
  items: readonly Item[],
  usage: Usage,
): Item[] {
  const has = (type: string) => resources.some(({ Type }) => Type === type);
  const uses = (price: PriceName) => items.some((item) => item.price === price);
  const traffic = (what: string, price: PriceName, quantity: number): Item => ({
    group: "traffic and storage",
    what,
    price,
    quantity,
  });
  const { gbOut, requests, logsGb, flowLogsGb, egressGb } = usage;
  const found: (Item | false)[] = [
    traffic("answers to clients", "transfer.out", gbOut),
    uses("alb.hour") && capacity("alb.lcu-hour", usage),
    uses("nlb.hour") && capacity("nlb.lcu-hour", usage),
    uses("clb.hour") && traffic("through the classic load balancer", "clb.gb", gbOut),
    uses("nat-gateway.hour") && traffic("through the NAT gateways", "nat-gateway.gb", egressGb),
    uses("vpc-endpoint.hour") && traffic("through the interface endpoints", "vpc-endpoint.gb", egressGb),
    uses("waf.acl") && traffic("requests that the web ACL looks at", "waf.million-requests", requests),
    has("AWS::EC2::FlowLog") && traffic("flow logs", "logs.vended", flowLogsGb),
    traffic("logs taken in", "logs.ingested", logsGb),
    traffic("logs kept", "logs.stored", (logsGb + flowLogsGb) * LOG_MONTHS),
    traffic("buckets", "s3.storage", BUCKETS_GB),
    has("AWS::Backup::BackupPlan") && traffic("backups beside RDS's own", "rds.backup", storageGb(resources)),
  ];
  return found.filter((item) => item !== false);
}

function capacity(price: keyof typeof CAPACITY, { gbOut, requests }: Usage): Item {
  const { gb, connections } = CAPACITY[price];
  // Each request on a connection of its own is the dearest that clients can do.
  const units = Math.max(gbOut / gb, (requests * 1_000_000) / connections);
  return { group: "load balancer", what: "capacity units", price, quantity: units };
}

/** A full copy: what changes from day to day adds to it, what is empty takes away. */
function storageGb(resources: readonly TemplateResource[]): number {
  const database = resources.find(({ Type }) => Type === "AWS::RDS::DBInstance");
  return Number(database?.Properties?.AllocatedStorage ?? 0);
}
