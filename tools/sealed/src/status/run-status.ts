import type { DeploymentOptions } from "../command-options.ts";
import type { CommandContext, Outcome } from "../context.ts";
import { guardAccount } from "../deployment/account-guard.ts";
import { readDeployment } from "../deployment/read-deployment.ts";
import { findDeployed } from "./deployed.ts";
import { exitCodeOf, take } from "./line.ts";
import { alarmsLook } from "./looks/alarms.ts";
import { appLooks } from "./looks/app.ts";
import { databaseLook } from "./looks/database.ts";
import { environmentLooks } from "./looks/environment.ts";
import { lastDeploymentLook, timeToLiveLook } from "./looks/last-deployment.ts";
import { statusLines } from "./show-status.ts";

/** Shows on one screen how the deployment is; changes nothing. */
export async function runStatus(options: DeploymentOptions, context: CommandContext): Promise<Outcome> {
  const deployment = await readDeployment(options, context);
  await guardAccount(deployment, context);
  const deployed = await findDeployed(deployment, context);
  const looks = [
    ...environmentLooks(deployed),
    ...appLooks(deployed),
    lastDeploymentLook(deployed),
    timeToLiveLook(deployed),
    alarmsLook(deployed),
    databaseLook(deployed),
  ];
  const lines = await context.reporter.step("look at the deployment", () =>
    Promise.all(looks.map((look) => take(look, deployment))),
  );
  const { account, region, topology, presetName: preset } = deployment.config;
  return {
    exitCode: exitCodeOf(lines),
    summary: statusLines(`${topology}, ${preset}, account ${account} in ${region}`, lines),
    document: { command: "status", account, region, topology, preset, lines },
  };
}
