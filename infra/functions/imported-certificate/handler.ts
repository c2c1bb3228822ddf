import { setTimeout } from "node:timers/promises";
import { ACMClient } from "@aws-sdk/client-acm";
import type { DeploymentEvent } from "../deployment-event.ts";
import { type ImportedCertificateProperties, importCertificate } from "./import.ts";

/** Entry of the Lambda function. */
export const handler = (event: DeploymentEvent<ImportedCertificateProperties>) =>
  importCertificate(event, { client: new ACMClient({}), now: new Date(), sleep: setTimeout });
