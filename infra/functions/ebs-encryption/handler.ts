import { EC2Client } from "@aws-sdk/client-ec2";
import type { DeploymentEvent } from "../deployment-event.ts";
import { type EbsEncryptionProperties, ensureEbsEncryption } from "./enforce.ts";

/** Entry of the Lambda function. */
export const handler = (event: DeploymentEvent<EbsEncryptionProperties>) =>
  ensureEbsEncryption(event, new EC2Client({}));
