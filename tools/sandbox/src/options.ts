import type { ServerKind, Topology } from "@sealed/servers";
import { SandboxError } from "./errors.ts";

/** The paths that `npm start` can bring up, the default first. */
export const TOPOLOGIES = [
  "alb-reencrypt",
  "clb-backend-auth",
  "nlb-passthrough",
  "single-instance",
  "alb-terminate",
] as const satisfies readonly Topology[];

/** The database servers that `npm start` can bring up. */
export const SERVER_KINDS = ["mysql", "mariadb"] as const satisfies readonly ServerKind[];

/** More instances than this only make a small machine slow. */
export const MOST_INSTANCES = 16;

/** What `npm start` was asked for. */
export interface StartOptions {
  topology: Topology;
  instances: number;
  port: number;
  /** Absent: MySQL, and MariaDB where MySQL cannot be had. */
  server?: ServerKind;
  detach: boolean;
  lesson: boolean;
}

/**
 * Checks what the options mean together.
 *
 * @throws SandboxError SANDBOX_BAD_ARGUMENT when they contradict each other or would open a hop unasked.
 */
export function checkStartOptions({ topology, instances, lesson }: StartOptions): void {
  if (topology === "alb-terminate" && !lesson) {
    throw new SandboxError(
      "SANDBOX_BAD_ARGUMENT",
      "--topology alb-terminate sends every request to the app in plain text, so it is a lesson and no way to run: " +
        "add --lesson to see it, or leave the option out",
    );
  }
  if (topology !== "alb-terminate" && lesson) {
    throw new SandboxError(
      "SANDBOX_BAD_ARGUMENT",
      `--lesson belongs to --topology alb-terminate, got --topology ${topology}: leave --lesson out`,
    );
  }
  if (topology === "single-instance" && instances !== 1) {
    throw new SandboxError(
      "SANDBOX_BAD_ARGUMENT",
      `--instances must be 1 with --topology single-instance, got ${instances}: choose a topology with a load balancer`,
    );
  }
}
