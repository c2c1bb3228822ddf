import { DescribeConfigurationSettingsCommand } from "@aws-sdk/client-elastic-beanstalk";
import { type Check, judge } from "../check.ts";
import type { Deployed } from "./deployed.ts";

const APP_SETTINGS = "aws:elasticbeanstalk:application:environment";

/** Judges the environment's health, and the settings of the app that a hop depends on. */
export async function environmentChecks(deployed: Deployed): Promise<Check[]> {
  return [health(deployed), ...(await settings(deployed))];
}

function health({ environment, environmentName }: Deployed): Check {
  const { Status, Health, HealthStatus } = environment;
  return judge(
    {
      hop: "lb-app",
      id: "environment-health",
      title: "health of the environment",
      subject: environmentName,
      expected: "Ready, Green",
      mend: "npx sealed status says more",
    },
    Status === "Ready" && Health === "Green",
    [Status, Health, HealthStatus].filter((part) => part !== undefined).join(", "),
  );
}

async function settings({ deployment, services, environment, environmentName }: Deployed): Promise<Check[]> {
  const { ConfigurationSettings = [] } = await services.beanstalk.send(
    new DescribeConfigurationSettingsCommand({
      ApplicationName: environment.ApplicationName,
      EnvironmentName: environmentName,
    }),
  );
  const options = ConfigurationSettings[0]?.OptionSettings ?? [];
  const optionNamed = (name: string) =>
    options.find(({ Namespace, OptionName }) => Namespace === APP_SETTINGS && OptionName === name)?.Value;
  const { topology, preset } = deployment.config;
  const mend = "npx turbo deploy sets it again; find out who changed it";
  const isSealed = topology !== "alb-terminate";
  return [
    setting("lb-app", "TOPOLOGY", optionNamed("TOPOLOGY"), topology, mend),
    setting(
      "lb-app",
      "UNSEALED_PLAIN_HTTP",
      optionNamed("UNSEALED_PLAIN_HTTP"),
      isSealed ? "not set" : "true",
      mend,
    ),
    setting("lb-app", "HOPS_PAGE", optionNamed("HOPS_PAGE"), preset.hopsPage, mend),
    setting("app-db", "DB_AUTH", optionNamed("DB_AUTH"), "iam", mend),
    setting("app-db", "DB_CA_FILE", optionNamed("DB_CA_FILE"), "not set", mend),
  ];
}

function setting(
  hop: "lb-app" | "app-db",
  name: string,
  value: string | undefined,
  expected: string,
  mend: string,
): Check {
  const seen = value === undefined || value === "" ? "not set" : value;
  return judge(
    { hop, id: "app-settings", title: "setting of the app", subject: name, expected, mend },
    seen === expected,
    seen,
  );
}
