import { type DeploymentConfig, type DeploymentSettings, loadConfig } from "@sealed/infra/config";
import { isForInfra } from "../aws/region-name.ts";
import type { DeploymentOptions } from "../command-options.ts";
import type { CommandContext } from "../context.ts";
import { SealedError } from "../errors.ts";

/** The stacks of a deployment in the order in which they are made. */
const STACKS = ["network", "data", "web"] as const;

/** What is deployed where, after the command's options. */
export interface Deployment {
  config: DeploymentConfig;
  region: string;
  profile: string | undefined;
  endpointUrl: string | undefined;
  /** Names of its stacks, each after those that it needs. */
  stackNames: readonly string[];
  /** The options of the command, as the CDK app takes them. */
  appArguments: readonly string[];
}

/**
 * Reads infra/sealed.config.ts, with the options in place of what it says.
 *
 * @throws SealedError SEALED_SETTINGS_INVALID with every problem at once.
 */
export async function readDeployment(
  options: DeploymentOptions,
  context: CommandContext,
): Promise<Deployment> {
  const { region, topology, preset, lesson, profile, endpointUrl } = options;
  const chosen = {
    ...(region !== undefined && { region }),
    ...(topology !== undefined && { topology }),
    ...(preset !== undefined && { preset }),
  };
  const settings = await context.loadSettings();
  const config = checked({
    ...settings,
    ...chosen,
    ...(lesson && { lesson }),
    // What infra/ has nothing for is only looked at: a load balancer that others made.
    ...(region !== undefined && !isForInfra(region) && { region: settings.region }),
  });
  return {
    config,
    region: region ?? config.region,
    profile,
    endpointUrl,
    stackNames: STACKS.map((stack) => `${config.name}-${config.presetName}-${stack}`),
    appArguments: [
      ...Object.entries(chosen).map(([name, value]) => `--${name}=${value}`),
      ...(lesson ? ["--lesson"] : []),
    ],
  };
}

/**
 * Returns the settings with every default filled in.
 *
 * @throws SealedError SEALED_SETTINGS_INVALID with every problem at once.
 */
export function checked(settings: DeploymentSettings): DeploymentConfig {
  try {
    return loadConfig(settings);
  } catch (error) {
    throw new SealedError("SEALED_SETTINGS_INVALID", (error as Error).message, { cause: error });
  }
}

/**
 * Refuses to make anything in a Region that infra/ has nothing for.
 *
 * @throws SealedError SEALED_SETTINGS_INVALID
 */
export function guardRegion({ region, config }: Deployment): void {
  if (region === config.region) return;
  throw new SealedError(
    "SEALED_SETTINGS_INVALID",
    `infra/ deploys to Regions such as eu-west-1, got ${region}: audit, lockdown and backend-auth work there`,
  );
}

/**
 * Refuses production without the flag for it, and the flag without production.
 *
 * @throws SealedError SEALED_PRODUCTION_REFUSED
 */
export function guardProduction({ config }: Deployment, isProductionAllowed: boolean): void {
  const isProduction = config.presetName === "production";
  if (isProduction === isProductionAllowed) return;
  throw new SealedError(
    "SEALED_PRODUCTION_REFUSED",
    isProduction
      ? "the preset is production: add --production if that is what you mean"
      : `--production was given and the preset is ${config.presetName}: leave it out, or add --preset production`,
  );
}
