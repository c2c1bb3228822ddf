import { GetAWSDefaultServiceQuotaCommand, GetServiceQuotaCommand } from "@aws-sdk/client-service-quotas";
import { topologies } from "@sealed/infra/topologies";
import { type Account, placeOptions } from "../account.ts";
import type { Check } from "../check.ts";
import { type Finding, ok, problem, unchecked } from "../finding.ts";
import { addressesInUse, natGatewaysInFullestZone, vcpusInUse, vpcsInUse } from "./quota-usage.ts";
import { neededVcpus } from "./vcpus.ts";

/** A quota that a deployment touches. */
interface Quota {
  id: string;
  subject: string;
  service: "vpc" | "ec2";
  /** @see https://docs.aws.amazon.com/general/latest/gr/vpc-service.html */
  code: string;
  inUse(): Promise<number>;
  /** How many more this deployment takes; those that it has already are in use. */
  needed(): Promise<number>;
}

/** Returns a look at each quota that a deployment of these settings touches. */
export function quotaChecks(account: Account): Check[] {
  const { config } = account.deployment;
  const isNew = !account.standing.network;
  const gateways = config.egress === "nat-gateways" ? 1 : 0;
  const isSingle = topologies[config.topology].loadBalancer === "none";
  const quotas: Quota[] = [
    {
      id: "quota-vpcs",
      subject: "VPCs",
      service: "vpc",
      code: "L-F678F1CE",
      inUse: () => vpcsInUse(account),
      needed: async () => (isNew ? 1 : 0),
    },
    {
      id: "quota-elastic-ips",
      subject: "Elastic IP addresses",
      service: "ec2",
      code: "L-0263D0A3",
      inUse: () => addressesInUse(account),
      // One for each of two gateways; Elastic Beanstalk takes one for a single instance.
      needed: async () => (isNew ? 2 * gateways : 0) + (isSingle && !account.standing.web ? 1 : 0),
    },
    {
      id: "quota-nat-gateways",
      subject: "NAT gateways in one Availability Zone",
      service: "vpc",
      code: "L-FE5A380F",
      inUse: () => natGatewaysInFullestZone(account),
      needed: async () => (isNew ? gateways : 0),
    },
    {
      id: "quota-instances",
      subject: "vCPUs of running on-demand instances",
      service: "ec2",
      code: "L-1216C47A",
      inUse: () => vcpusInUse(account),
      needed: () => neededVcpus(account),
    },
  ];
  return quotas.map((quota) => quotaCheck(quota, account));
}

function quotaCheck(quota: Quota, account: Account): Check {
  return {
    id: quota.id,
    subject: `quota: ${quota.subject}`,
    async look() {
      const [limit, inUse, needed] = await Promise.all([
        quotaValue(quota, account),
        quota.inUse(),
        quota.needed(),
      ]);
      return judge(quota, { limit, inUse, needed }, account);
    },
  };
}

/** Some quotas have no value of their own in an account: then AWS's default is in force. */
async function quotaValue(
  { service, code }: Quota,
  { quotas, context }: Account,
): Promise<number | undefined> {
  const input = { ServiceCode: service, QuotaCode: code };
  const options = { abortSignal: context.signal };
  try {
    const { Quota: applied } = await quotas.send(new GetServiceQuotaCommand(input), options);
    if (applied?.Value !== undefined) return applied.Value;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "NoSuchResourceException") throw error;
  }
  const { Quota: usual } = await quotas.send(new GetAWSDefaultServiceQuotaCommand(input), options);
  return usual?.Value;
}

function judge(
  { subject, service, code }: Quota,
  { limit, inUse, needed }: { limit: number | undefined; inUse: number; needed: number },
  { deployment }: Account,
): Finding {
  if (limit === undefined) {
    return unchecked(`${inUse} in use, ${needed} more needed: AWS tells no value of the quota`);
  }
  const found = `${inUse} of ${limit} in use, ${needed} more needed`;
  if (inUse + needed <= limit) return ok(found);
  return problem(
    found,
    `the deployment would fail half-way: ask for more ${subject}, or remove some that nobody uses`,
    [
      `aws service-quotas request-service-quota-increase --service-code ${service} --quota-code ${code} --desired-value ${inUse + needed}${placeOptions(deployment)}`,
    ],
  );
}
