import { paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import { readOutputs } from "../../deploy/outputs.ts";
import { deployedCertificate } from "../../deployment/deployed-certificate.ts";
import { type HopsReport, parseHopsReport } from "../../verify/app/hops-report.ts";
import type { Deployed } from "../deployed.ts";
import type { Look, Sight } from "../line.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
/** ACM begins to renew 60 days ahead: with half of that left, it does not succeed. */
const WARNING_DAYS = 30;
/** A token serves for 15 minutes, and is renewed after 12. */
const TOKEN_LIFE_MS = 15 * 60_000;
const FAILURES_MS = 60 * 60_000;

/** What the app says of itself, or why it says nothing. */
type App = { report: HopsReport } | { why: string };

/** Looks at the certificate that clients see and at the token of the app's database connections. */
export function appLooks(deployed: Deployed): Look[] {
  const app = ask(deployed);
  return [
    { id: "certificate", subject: "certificate", see: async () => certificate(deployed, await app) },
    { id: "token", subject: "database token", see: async () => token(deployed, await app) },
  ];
}

/** The answer is shown and nothing is concluded from it: whether it is the app that answers is `verify`'s business. */
async function ask(deployed: Deployed): Promise<App> {
  const { deployment, cloudFormation, context } = deployed;
  if (deployment.config.preset.hopsPage === "off") return { why: "the hops page is off in production" };
  const { url } = await readOutputs(cloudFormation, deployment.stackNames);
  if (url === undefined) return { why: "the stacks name no address" };
  try {
    const { status, body } = await context.system.askApp(new URL("/hops.json", url), context.signal);
    const report = status === 200 ? parseHopsReport(body) : undefined;
    return report === undefined ? { why: `${url}/hops.json answers ${status} and no report` } : { report };
  } catch (error) {
    context.signal.throwIfAborted();
    return { why: `${url} does not answer: ${(error as Error).message}` };
  }
}

async function certificate({ cloudFormation, deployment, context }: Deployed, app: App): Promise<Sight> {
  const atBalancer = await deployedCertificate(cloudFormation, deployment, context);
  if (atBalancer?.NotAfter !== undefined) {
    const days = Math.floor((atBalancer.NotAfter.getTime() - context.system.now().getTime()) / DAY_MS);
    return daysLeft(days, "at the load balancer, in ACM");
  }
  if ("why" in app) return { state: "unknown", text: `the app's own, ${app.why}` };
  const peer = app.report.hops.find(({ id }) => id === "client-lb")?.peer;
  if (peer === null || peer === undefined) return { state: "unknown", text: "the app names none" };
  return daysLeft(peer.daysLeft, "the app's own, as it says");
}

function daysLeft(days: number, where: string): Sight {
  // What the app makes itself lives for days and is renewed after two thirds: only ACM's has to last.
  const least = where.startsWith("the app's") ? 0 : WARNING_DAYS;
  return { state: days >= least ? "ok" : "attention", text: `${Math.floor(days)} days left, ${where}` };
}

async function token(deployed: Deployed, app: App): Promise<Sight> {
  const failures = await recentFailures(deployed);
  const ageMs = "report" in app ? app.report.hops.find(({ id }) => id === "app-db")?.tokenAgeMs : undefined;
  const age = "why" in app ? `age unknown: ${app.why}` : ageInWords(ageMs);
  if (failures > 0) {
    return {
      state: "attention",
      text: `${age}; ${failures} failures in the last hour`,
      details: ["the app's log says why: credential.refresh_failed, credential.rejected"],
    };
  }
  const isOld = typeof ageMs === "number" && ageMs > TOKEN_LIFE_MS;
  return {
    state: typeof ageMs === "number" ? "ok" : "unknown",
    // An open connection outlives the token that opened it.
    text: `${age}${isOld ? ", of a connection that is still open" : ""}; no failure in the last hour`,
  };
}

function ageInWords(ageMs: number | null | undefined): string {
  return typeof ageMs === "number"
    ? `${Math.floor(ageMs / 1_000)} s old`
    : "age unknown: the app does not say";
}

async function recentFailures({ logs, environmentName, context }: Deployed): Promise<number> {
  let count = 0;
  const pages = paginateFilterLogEvents(
    { client: logs },
    {
      logGroupName: `/aws/elasticbeanstalk/${environmentName}/var/log/web.stdout.log`,
      filterPattern: '?"credential.refresh_failed" ?"credential.rejected"',
      startTime: context.system.now().getTime() - FAILURES_MS,
    },
    { abortSignal: context.signal },
  );
  for await (const { events = [] } of pages) count += events.length;
  return count;
}
