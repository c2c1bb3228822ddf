import { paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import { readOutputs } from "../../deploy/outputs.ts";
import { deployedCertificate } from "../../deployment/deployed-certificate.ts";
import { type HopsReport, parseHopsReport } from "../../verify/app/hops-report.ts";
import { type AppMetrics, readAppMetrics } from "../app-metrics.ts";
import type { Deployed } from "../deployed.ts";
import type { Look, Sight } from "../line.ts";
import { once } from "../once.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
/** ACM begins to renew 60 days ahead: with half of that left, it does not succeed. */
const RENEWED_BY_ACM_DAYS = 30;
/** A token serves for 15 minutes, and is renewed after 12. */
const TOKEN_LIFE_SECONDS = 15 * 60;
const FAILURES_MS = 60 * 60_000;

/** What the app says of itself, or why it says nothing. */
type App = { report: HopsReport } | { why: string };

/** Looks at the certificate that clients see and at the token of the app's database connections. */
export function appLooks(deployed: Deployed): Look[] {
  const app = ask(deployed);
  const metrics = once(() => readAppMetrics(deployed));
  return [
    {
      id: "certificate",
      subject: "certificate",
      see: async () => certificate(deployed, await app, metrics),
    },
    { id: "token", subject: "database token", see: async () => token(deployed, await app, metrics) },
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

async function certificate(
  { cloudFormation, deployment, context }: Deployed,
  app: App,
  metrics: () => Promise<AppMetrics>,
): Promise<Sight> {
  const atBalancer = await deployedCertificate(cloudFormation, deployment, context);
  if (atBalancer?.NotAfter !== undefined) {
    const days = Math.floor((atBalancer.NotAfter.getTime() - context.system.now().getTime()) / DAY_MS);
    return daysLeft(days, RENEWED_BY_ACM_DAYS, "at the load balancer, in ACM");
  }
  const peer = "report" in app ? app.report.hops.find(({ id }) => id === "client-lb")?.peer : undefined;
  const days = peer?.daysLeft ?? (await metrics()).certificateDays;
  // What the app makes itself lives for days and is renewed after two thirds: it has to last till then only.
  if (days !== undefined) return daysLeft(days, 0, "the app's own, as it says");
  return { state: "unknown", text: `the app's own, ${"why" in app ? app.why : "it names none"}` };
}

function daysLeft(days: number, least: number, where: string): Sight {
  return { state: days >= least ? "ok" : "attention", text: `${Math.floor(days)} days left, ${where}` };
}

async function token(deployed: Deployed, app: App, metrics: () => Promise<AppMetrics>): Promise<Sight> {
  const failures = await recentFailures(deployed);
  const seconds = await tokenSeconds(app, metrics);
  const age = seconds === undefined ? ageUnknown(app) : ageInWords(seconds);
  if (failures > 0) {
    return {
      state: "attention",
      text: `${age}; ${failures} failures in the last hour`,
      details: ["the app's log says why: credential.refresh_failed, credential.rejected"],
    };
  }
  return { state: seconds === undefined ? "unknown" : "ok", text: `${age}; no failure in the last hour` };
}

async function tokenSeconds(app: App, metrics: () => Promise<AppMetrics>): Promise<number | undefined> {
  const ageMs = "report" in app ? app.report.hops.find(({ id }) => id === "app-db")?.tokenAgeMs : undefined;
  return typeof ageMs === "number" ? ageMs / 1_000 : (await metrics()).tokenAgeSeconds;
}

function ageUnknown(app: App): string {
  const why = "why" in app ? app.why : "the app does not say";
  return `age unknown: ${why}, and there is no metric of the last minutes`;
}

/** An open connection outlives the token that opened it. */
function ageInWords(seconds: number): string {
  const isOld = seconds > TOKEN_LIFE_SECONDS;
  return `${Math.floor(seconds)} s old${isOld ? ", of a connection that is still open" : ""}`;
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
