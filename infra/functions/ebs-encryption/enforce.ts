import {
  type EC2Client,
  EnableEbsEncryptionByDefaultCommand,
  GetEbsEncryptionByDefaultCommand,
} from "@aws-sdk/client-ec2";
import type { DeploymentAnswer, DeploymentEvent } from "../deployment-event.ts";

/** Properties of the custom resource. */
export interface EbsEncryptionProperties {
  /** `enforce` turns the default on, `require` fails when it is off. */
  mode: "enforce" | "require";
  region: string;
  account: string;
}

/**
 * Makes sure that every new EBS volume of the account and Region is encrypted, for Elastic Beanstalk has no
 * option for the volumes of its instances.
 *
 * @throws Error when the default is off and may not be turned on here; it names the command that does.
 * @see https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html
 */
export async function ensureEbsEncryption(
  event: DeploymentEvent<EbsEncryptionProperties>,
  client: Pick<EC2Client, "send">,
): Promise<DeploymentAnswer> {
  const { mode, region, account } = event.ResourceProperties;
  const answer = { PhysicalResourceId: `ebs-encryption-by-default-${region}` };
  // Never turned off again: other volumes of the account rely on it by now.
  if (event.RequestType === "Delete") return answer;
  const { EbsEncryptionByDefault: isOn } = await client.send(new GetEbsEncryptionByDefaultCommand({}));
  if (isOn === true) return answer;
  if (mode === "require") {
    throw new Error(
      `EBS encryption by default is off in account ${account}, region ${region}: turn it on with: aws ec2 enable-ebs-encryption-by-default --region ${region}`,
    );
  }
  await client.send(new EnableEbsEncryptionByDefaultCommand({}));
  return answer;
}
