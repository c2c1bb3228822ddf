import type { DeploymentSettings } from "@sealed/infra/config";
import type { CommandContext } from "../../src/context.ts";
import type { Variant } from "../../src/cost/variants.ts";
import type { Template } from "../../src/deployment/assembly.ts";
import type { Machine } from "../../src/doctor/machine.ts";
import type { ChildProgram, ChildResult, Environment } from "../../src/system.ts";

/** The account and Region of the tests. */
export const ACCOUNT = "111122223333";
export const REGION = "eu-west-1";

/** What production needs to be configured at all. */
export const production: Partial<DeploymentSettings> = {
  preset: "production",
  domain: { name: "app.example.com", zoneName: "example.com", hostedZoneId: "Z0123456789ABC" },
};

/** A stand-in for `cdk`: gets the program that was started, answers with how it ended. */
export type Cdk = (program: ChildProgram) => Promise<Partial<ChildResult>> | Partial<ChildResult>;

/** What a test changes of the world around a command. */
export interface World {
  settings?: Partial<DeploymentSettings>;
  deploy?: Cdk;
  diff?: Cdk;
  templates?: Templates;
  bootstrapVersion?: number;
  /** Templates of a deployment whose cost is asked. Default: made up from its settings. */
  templatesOf?: (variant: Variant) => readonly Template[];
  download?: (url: string) => string;
  /** Called at each pause: time goes on, nobody waits. */
  onPause?: () => void;
  signal?: AbortSignal;
  machine?: Partial<Machine>;
  /** Default: they never end. */
  credentialsEnd?: () => Date | "unknown" | undefined;
  /** Default: empty. */
  environment?: Environment;
  askApp?: (url: URL) => { status: number; body: string };
  /** Default: the same time as here. */
  serverDate?: (url: string) => Date | undefined;
  now?: Date;
  /** What relative paths are meant from. Default: where the test runs. */
  workingDirectory?: string;
  /** Default: none runs. */
  sandboxDirectory?: string;
  /** What the hops of a new deployment are found to be. Default: sealed. */
  verifyDeployment?: CommandContext["verifyDeployment"];
}

/** Templates by the last word of their stack's name. */
export type Templates = Partial<Record<"network" | "data" | "web", Template>>;
