/** How a demand is answered. */
export type ControlStatus = "met" | "met in production" | "acknowledged" | "account" | "bundle";

/** One demand, under every name that it has. */
export interface Control {
  /** Ids in the frameworks that make the demand. */
  readonly ids: readonly string[];
  readonly demand: string;
  readonly status: ControlStatus;
  /** Properties that show it, on every synth. */
  readonly by?: readonly string[];
  /** Why it is not met, or where else it is. */
  readonly reason?: string;
}

/** Returns a control that properties show in every deployment. */
export function met(ids: string, demand: string, ...by: string[]): Control {
  return { ids: ids.split(" "), demand, status: "met", by };
}

/** Returns a control that production meets and a sandbox does not. */
export function inProductionOnly(
  ids: string,
  demand: string,
  by: readonly string[],
  reason: string,
): Control {
  return { ids: ids.split(" "), demand, status: "met in production", by, reason };
}

/** Returns a control that is left open, with the reason. */
export function acknowledged(ids: string, demand: string, reason: string): Control {
  return { ids: ids.split(" "), demand, status: "acknowledged", reason };
}

/** Returns a control of the account, which no stack of one application should own. */
export function ofAccount(ids: string, demand: string, reason: string): Control {
  return { ids: ids.split(" "), demand, status: "account", reason };
}

/** Returns a control that a file of .ebextensions meets, for Elastic Beanstalk has no option. */
export function inBundle(ids: string, demand: string, file: string): Control {
  return { ids: ids.split(" "), demand, status: "bundle", reason: `.ebextensions/${file}` };
}

/** Names the framework that an id belongs to. */
export function frameworkOf(id: string): string {
  if (id.startsWith("CT.")) return "Control Tower";
  if (id.startsWith("AwsSolutions-")) return "cdk-nag AwsSolutions";
  if (id.startsWith("NIST-")) return "NIST 800-53 R5";
  if (id.startsWith("CIS-")) return "CIS AWS Foundations 6.0.0";
  if (id.startsWith("Config-")) return "AWS Config";
  return "AWS FSBP";
}
