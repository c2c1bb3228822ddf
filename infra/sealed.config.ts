import type { DeploymentSettings } from "./lib/config.ts";

/**
 * What is deployed, and where. The account and the Region are all that a sandbox needs.
 *
 * Every other setting has its meaning and its default in `DeploymentSettings`.
 */
export const settings: DeploymentSettings = {
  // The account of AWS's own examples: put yours here. Nothing is deployed to any other.
  account: "111122223333",
  region: "eu-west-1",
  preset: "sandbox",
  topology: "alb-reencrypt",
};
