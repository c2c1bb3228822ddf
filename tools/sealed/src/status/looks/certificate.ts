import { deployedCertificate } from "../../deployment/deployed-certificate.ts";
import type { AppMetrics } from "../app-metrics.ts";
import { type AppPage, silence } from "../app-page.ts";
import type { Deployed } from "../deployed.ts";
import type { Sight } from "../line.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
/** ACM begins to renew 60 days ahead: with half of that left, it does not succeed. */
const RENEWED_BY_ACM_DAYS = 30;

/** Looks at the certificate that clients see: the load balancer's in ACM, or the app's own, as the app says it. */
export async function seeCertificate(
  deployed: Deployed,
  page: AppPage,
  metrics: () => Promise<AppMetrics>,
): Promise<Sight> {
  const { cloudFormation, deployment, context } = deployed;
  const atBalancer = await deployedCertificate(cloudFormation, deployment, context);
  if (atBalancer?.NotAfter !== undefined) {
    const days = Math.floor((atBalancer.NotAfter.getTime() - context.system.now().getTime()) / DAY_MS);
    return daysLeft(days, RENEWED_BY_ACM_DAYS, "at the load balancer, in ACM");
  }
  const peer = "report" in page ? page.report.hops.find(({ id }) => id === "client-lb")?.peer : undefined;
  const days = peer?.daysLeft ?? (await metrics()).certificateDays;
  // What the app makes itself lives for days and is renewed after two thirds: it has to last till then only.
  if (days !== undefined) return daysLeft(days, 0, "the app's own, as it says");
  const { state, text } = silence(deployed, page, "the app names none");
  return { state, text: `the app's own, of which it does not tell: ${text}` };
}

function daysLeft(days: number, least: number, where: string): Sight {
  return { state: days >= least ? "ok" : "attention", text: `${Math.floor(days)} days left, ${where}` };
}
