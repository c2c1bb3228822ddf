import { join } from "node:path";
import { iamAuth, rdsTrust, secretAuth } from "@sealed/db";
import type { DeploymentEvent } from "../deployment-event.ts";
import { type PrepareProperties, prepare } from "./prepare.ts";

/** Entry of the Lambda function. */
export const handler = (event: DeploymentEvent<PrepareProperties>) => {
  const { region, masterSecretArn } = event.ResourceProperties;
  return prepare(event, {
    trust: rdsTrust(region),
    master: secretAuth({ secretId: masterSecretArn, region }),
    migrator: iamAuth({ region }),
    // The bundle has the migrations beside the code.
    migrations: join(import.meta.dirname, "migrations"),
    log: (step) => process.stdout.write(`${JSON.stringify(step)}\n`),
  });
};
