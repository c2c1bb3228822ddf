import type { DeploymentPolicy } from "./environment-problems.ts";

/** How much of everything a deployment gets. */
export interface Preset {
  /** What happens to data when the stack goes: kept, or removed with it. */
  onRemoval: "retain" | "destroy";
  deletionProtection: boolean;
  multiAz: boolean;
  databaseClass: string;
  databaseStorageGiB: number;
  backupRetentionDays: number;
  /** An AWS Backup plan beside the backups of RDS itself. */
  backupPlan: boolean;
  minInstances: number;
  maxInstances: number;
  instanceTypes: readonly string[];
  deploymentPolicy: DeploymentPolicy;
  rollingUpdateType: string;
  /** Weekly replacement of every instance in the maintenance window. */
  instanceRefresh: boolean;
  logRetentionDays: number;
  egress: "nat-instance" | "nat-gateways" | "endpoints";
  webAcl: boolean;
  hopsPage: "on" | "off";
  ebsEncryption: "enforce" | "require";
}

/** Cheap, removed as a whole, with a time to live. */
const sandbox: Preset = {
  onRemoval: "destroy",
  deletionProtection: false,
  multiAz: false,
  databaseClass: "t4g.micro",
  databaseStorageGiB: 20,
  backupRetentionDays: 7,
  backupPlan: false,
  minInstances: 1,
  maxInstances: 2,
  instanceTypes: ["t4g.micro", "t4g.small"],
  deploymentPolicy: "AllAtOnce",
  rollingUpdateType: "Health",
  instanceRefresh: false,
  logRetentionDays: 365,
  egress: "nat-instance",
  webAcl: false,
  hopsPage: "on",
  ebsEncryption: "enforce",
};

/** Every control on. */
const production: Preset = {
  onRemoval: "retain",
  deletionProtection: true,
  multiAz: true,
  databaseClass: "t4g.medium",
  databaseStorageGiB: 50,
  backupRetentionDays: 14,
  backupPlan: true,
  minInstances: 2,
  maxInstances: 4,
  instanceTypes: ["t4g.small", "t4g.medium"],
  deploymentPolicy: "Immutable",
  rollingUpdateType: "Immutable",
  instanceRefresh: true,
  logRetentionDays: 365,
  egress: "nat-gateways",
  webAcl: true,
  hopsPage: "off",
  ebsEncryption: "require",
};

/** The presets by name. */
export const presets = { sandbox, production } as const;

/** Name of a preset. */
export type PresetName = keyof typeof presets;
