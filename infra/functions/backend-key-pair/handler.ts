import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { DeploymentEvent } from "../deployment-event.ts";
import { type KeyPairProperties, provideKeyPair } from "./key-pair.ts";

/** Entry of the Lambda function. */
export const handler = (event: DeploymentEvent<KeyPairProperties>) =>
  provideKeyPair(event, new SecretsManagerClient({}), new Date());
