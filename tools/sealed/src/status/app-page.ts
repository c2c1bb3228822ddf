import { readOutputs } from "../deploy/outputs.ts";
import { type HopsReport, parseHopsReport } from "../verify/app/hops-report.ts";
import { LOOK_BACK_MINUTES } from "./app-metrics.ts";
import type { Deployed } from "./deployed.ts";
import type { Sight } from "./line.ts";

/** What the app says of itself at its hops page, or why it says nothing there. */
export type AppPage = { report: HopsReport } | { why: string; isOff: boolean };

/** The answer is shown and nothing is concluded from it: whether it is the app that answers is `verify`'s business. */
export async function askPage(deployed: Deployed): Promise<AppPage> {
  const { deployment, cloudFormation, context } = deployed;
  if (deployment.config.preset.hopsPage === "off") {
    return { why: "the hops page is off in production", isOff: true };
  }
  const { url } = await readOutputs(cloudFormation, deployment.stackNames);
  if (url === undefined) return { why: "the stacks name no address", isOff: false };
  try {
    const { status, body } = await context.system.askApp(new URL("/hops.json", url), context.signal);
    const report = status === 200 ? parseHopsReport(body) : undefined;
    return report === undefined
      ? { why: `${url}/hops.json answers ${status} and no report`, isOff: false }
      : { report };
  } catch (error) {
    context.signal.throwIfAborted();
    return { why: `${url} does not answer: ${(error as Error).message}`, isOff: false };
  }
}

/** Returns what it means that the app says something neither at its page nor in its metrics. */
export function silence({ web, context }: Deployed, page: AppPage, notSaid: string): Sight {
  const why = "why" in page ? page.why : notSaid;
  const deployedAt = web.LastUpdatedTime ?? web.CreationTime;
  const minutes =
    deployedAt === undefined
      ? Number.POSITIVE_INFINITY
      : Math.floor((context.system.now().getTime() - deployedAt.getTime()) / 60_000);
  // A page that should answer, and does not, is no matter of age.
  if ("isOff" in page && page.isOff && minutes < LOOK_BACK_MINUTES) {
    const first = `its first metrics come within ${LOOK_BACK_MINUTES}`;
    return { state: "absent", text: `${why}, and the app was deployed ${minutes} minutes ago, ${first}` };
  }
  const silent = `the app has sent no metric in the last ${LOOK_BACK_MINUTES} minutes`;
  return { state: "unknown", text: `${why}, and ${silent}` };
}
