import type { Progress, Reporter } from "@sealed/console";
import { type DeploymentEvent, eventLine } from "./deployment-event.ts";

/** Tells an event: as a line what came of something, and only in passing that something quick has begun. */
export function tell(event: DeploymentEvent, reporter: Reporter, progress: Progress): void {
  if (event.kind === "started" && event.isSlow !== true) progress(event.text);
  else reporter.line(eventLine(event));
}
