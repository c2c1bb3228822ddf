import type { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { findStack } from "./stack-states.ts";

/** What a deployment tells about itself. */
export interface Outputs {
  url: string | undefined;
  /** By name, without those by which one stack refers to another. */
  values: Readonly<Record<string, string>>;
}

/** Returns the outputs of the deployed stacks. */
export async function readOutputs(
  cloudFormation: CloudFormationClient,
  stackNames: readonly string[],
): Promise<Outputs> {
  const values: Record<string, string> = {};
  for (const name of stackNames) {
    const stack = await findStack(cloudFormation, name);
    for (const { OutputKey = "", OutputValue = "", ExportName } of stack?.Outputs ?? []) {
      // The CDK ends the name with 8 hexadecimal digits.
      if (ExportName === undefined) values[OutputKey.replace(/[0-9A-F]{8}$/, "")] = OutputValue;
    }
  }
  return { url: Object.entries(values).find(([key]) => key.endsWith("Url"))?.[1], values };
}
