import { paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import type { AppMetrics } from "../app-metrics.ts";
import { type AppPage, silence } from "../app-page.ts";
import type { Deployed } from "../deployed.ts";
import type { Sight } from "../line.ts";

/** A token serves for 15 minutes, and is renewed after 12. */
const TOKEN_LIFE_SECONDS = 15 * 60;
const FAILURES_MS = 60 * 60_000;

/** Looks at the token that the app signs in to the database with, and at what failed with tokens lately. */
export async function seeToken(
  deployed: Deployed,
  page: AppPage,
  metrics: () => Promise<AppMetrics>,
): Promise<Sight> {
  const failures = await recentFailures(deployed);
  const { state, text } = await age(deployed, page, metrics);
  if (failures === 0) return { state, text: `${text}; no failure in the last hour` };
  return {
    state: "attention",
    text: `${text}; ${failures} failures in the last hour`,
    details: ["the app's log says why: credential.refresh_failed, credential.rejected"],
  };
}

async function age(deployed: Deployed, page: AppPage, metrics: () => Promise<AppMetrics>): Promise<Sight> {
  const ageMs = "report" in page ? page.report.hops.find(({ id }) => id === "app-db")?.tokenAgeMs : undefined;
  if (ageMs === null) return { state: "absent", text: "none: the app signs in by its password" };
  if (ageMs !== undefined) return { state: "ok", text: ageInWords(ageMs / 1_000) };
  const { tokenAgeSeconds, connections } = await metrics();
  if (tokenAgeSeconds !== undefined) return { state: "ok", text: ageInWords(tokenAgeSeconds) };
  if (connections !== undefined) return { state: "absent", text: "none: the app tells of no token" };
  const { state, text } = silence(deployed, page, "the app does not see its connection");
  return { state, text: `${state === "absent" ? "no age yet" : "age unknown"}: ${text}` };
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
