import { ACMClient } from "@aws-sdk/client-acm";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { DeploymentEvent } from "../deployment-event.ts";
import { type ExportProperties, exportCertificate } from "./export.ts";

/** Entry of the Lambda function, called by the deployment and by the event that a certificate was renewed. */
export const handler = (event: DeploymentEvent<ExportProperties>) =>
  exportCertificate(event, { acm: new ACMClient({}), secrets: new SecretsManagerClient({}) });
