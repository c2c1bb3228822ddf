import { RemovalPolicy } from "aws-cdk-lib";
import type { Preset } from "./presets.ts";

/** What happens to resources when their stack goes, or fails to come. */
export interface RemovalPolicies {
  /** Of what holds data. */
  data: RemovalPolicy;
  /**
   * Of log groups, secrets and what else has a fixed name or nothing to lose at first: kept like data, but removed
   * when the deployment that makes it fails, for the next one could not make a second of that name.
   */
  named: RemovalPolicy;
}

/**
 * Returns the removal policies of a preset.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
export function removalPolicies({ onRemoval }: Preset): RemovalPolicies {
  return onRemoval === "destroy"
    ? { data: RemovalPolicy.DESTROY, named: RemovalPolicy.DESTROY }
    : { data: RemovalPolicy.RETAIN, named: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE };
}
