import type { DeploymentConfig, DeploymentSettings } from "@sealed/infra/config";
import { SIZES } from "./price-names.ts";
import type { Variant } from "./variants.ts";

/** One setting with another value. */
export interface Alternative extends Variant {
  /** Setting and value, as they are written. */
  change: string;
  /** What one gives up, or gets. */
  meaning: string;
}

const EGRESS_MEANING = {
  "nat-instance": "one small instance: no second one, and nobody but you patches it",
  "nat-gateways": "one managed gateway in each of two zones",
  endpoints: "no way to the Internet at all, the strictest of the three",
} as const;

const EGRESS = ["nat-instance", "nat-gateways", "endpoints"] as const;

/** Returns what could be set otherwise, one thing at a time. */
export function alternativesTo(settings: DeploymentSettings, config: DeploymentConfig): Alternative[] {
  const { preset, egress, webAcl, presetName, topology } = config;
  const found: (Alternative | false)[] = [
    ...EGRESS.filter((value) => value !== egress).map((value) => ({
      settings: { ...settings, egress: value },
      change: `egress: "${value}"`,
      meaning: EGRESS_MEANING[value],
    })),
    webAcl && {
      settings: { ...settings, webAcl: false },
      change: "webAcl: false",
      meaning: "no managed rules and no rate limit before the app",
    },
    presetName === "sandbox" &&
      topology !== "single-instance" && {
        settings: { ...settings, topology: "single-instance" },
        change: 'topology: "single-instance"',
        meaning: "no load balancer: the client sees the app's own certificate, and a deployment is a pause",
      },
    preset.multiAz && {
      settings,
      preset: { multiAz: false },
      change: "preset multiAz: false",
      meaning: "no standby: when the zone fails, the database is restored from a backup",
    },
    preset.backupPlan && {
      settings,
      preset: { backupPlan: false },
      change: "preset backupPlan: false",
      meaning: `RDS's own backups of ${preset.backupRetentionDays} days remain`,
    },
    preset.minInstances > 1 && {
      settings,
      preset: { minInstances: preset.minInstances - 1 },
      change: `preset minInstances: ${preset.minInstances - 1}`,
      meaning: "one instance less at rest",
    },
  ];
  return [...found.filter((alternative) => alternative !== false), ...smaller(settings, config)];
}

function smaller(settings: DeploymentSettings, { preset }: DeploymentConfig): Alternative[] {
  const database = sizeBelow(preset.databaseClass, "micro");
  const [first = "", ...rest] = preset.instanceTypes;
  const instance = sizeBelow(first, "micro");
  return [
    ...(database === undefined
      ? []
      : [
          {
            settings,
            preset: { databaseClass: database },
            change: `preset databaseClass: "${database}"`,
            meaning: "half the memory of the database",
          },
        ]),
    ...(instance === undefined
      ? []
      : [
          {
            settings,
            preset: { instanceTypes: [instance, ...rest] },
            change: `preset instanceTypes: "${instance}" first`,
            meaning: "half the memory of the instances",
          },
        ]),
  ];
}

/** Returns the next smaller size of the family that the price list has, down to `least`. */
function sizeBelow(type: string, least: (typeof SIZES)[number]): string | undefined {
  const [family = "", size = ""] = type.split(".");
  const index = (SIZES as readonly string[]).indexOf(size) - 1;
  const below = SIZES[index];
  return family !== "t4g" || below === undefined || index < SIZES.indexOf(least)
    ? undefined
    : `${family}.${below}`;
}
