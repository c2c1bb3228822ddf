import { hourly, type Item } from "../item.ts";
import { HOURS_PER_MONTH, type PriceName } from "../price-names.ts";

/** Options of an Elastic Beanstalk environment, as a template has them. */
interface OptionSetting {
  Namespace: string;
  OptionName: string;
  Value?: unknown;
}

/** Metrics of an instance under detailed monitoring. @see https://aws.amazon.com/cloudwatch/pricing/ */
export const DETAILED_METRICS = 7;

/** The network's zones: a load balancer has an address in each. */
const ZONES = 2;

/** Returns what Elastic Beanstalk makes by itself for an environment; no template shows it. */
export function environmentItems(properties: Readonly<Record<string, unknown>>): Item[] {
  const settings = (properties.OptionSettings ?? []) as OptionSetting[];
  const option = (name: string) => {
    const value = settings.find(({ OptionName }) => OptionName === name)?.Value;
    return typeof value === "string" ? value : "";
  };
  return [
    ...instances(option),
    ...loadBalancer(option),
    {
      group: "observation",
      what: "health metrics of Elastic Beanstalk",
      price: "cloudwatch.metric",
      quantity: healthMetrics(option("ConfigDocument")),
    },
  ];
}

type Option = (name: string) => string;

function instances(option: Option): Item[] {
  const count = Number(option("MinSize"));
  // Auto Scaling takes the first type as long as it can have it.
  const [type = ""] = option("InstanceTypes").split(",");
  const isDetailed = option("MonitoringInterval") === "1 minute";
  return [
    hourly("instances", `${count} x ${type}`, `ec2.${type}`, count, HOURS_PER_MONTH),
    {
      group: "instances",
      what: "disks of the instances",
      price: "ebs.gp3",
      quantity: count * Number(option("RootVolumeSize")),
    },
    {
      group: "observation",
      what: "detailed monitoring of the instances",
      price: "cloudwatch.metric",
      quantity: isDetailed ? count * DETAILED_METRICS : 0,
    },
  ];
}

function loadBalancer(option: Option): Item[] {
  if (option("EnvironmentType") === "SingleInstance") {
    return [hourly("network", "public address of the instance", "public-ipv4.hour", 1, HOURS_PER_MONTH)];
  }
  // One that is lent to Elastic Beanstalk is a resource of its own.
  if (option("LoadBalancerIsShared") === "true") return [];
  const type = option("LoadBalancerType");
  const prices: Readonly<Record<string, PriceName>> = {
    application: "alb.hour",
    classic: "clb.hour",
    network: "nlb.hour",
  };
  const price = prices[type];
  return price === undefined ? [] : loadBalancerItems(`${type} load balancer`, price);
}

/** Returns a load balancer that is there all month, with its public addresses. */
export function loadBalancerItems(what: string, price: PriceName): Item[] {
  return [
    hourly("load balancer", what, price, 1, HOURS_PER_MONTH),
    hourly(
      "load balancer",
      "public addresses of the load balancer",
      "public-ipv4.hour",
      ZONES,
      HOURS_PER_MONTH,
    ),
  ];
}

/** Each metric that the environment is told to send is one of one's own; `EnvironmentHealth` is free. */
function healthMetrics(configDocument: string): number {
  if (configDocument === "") return 0;
  const { CloudWatchMetrics = {} } = JSON.parse(configDocument) as {
    CloudWatchMetrics?: Record<string, Record<string, unknown>>;
  };
  return Object.values(CloudWatchMetrics).flatMap((metrics) => Object.keys(metrics)).length;
}
