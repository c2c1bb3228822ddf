import { readAppMetrics } from "../app-metrics.ts";
import { askPage } from "../app-page.ts";
import type { Deployed } from "../deployed.ts";
import type { Look } from "../line.ts";
import { once } from "../once.ts";
import { seeCertificate } from "./certificate.ts";
import { seeToken } from "./token.ts";

/** Looks at the certificate that clients see and at the token of the app's database connections. */
export function appLooks(deployed: Deployed): Look[] {
  const page = askPage(deployed);
  const metrics = once(() => readAppMetrics(deployed));
  return [
    {
      id: "certificate",
      subject: "certificate",
      see: async () => seeCertificate(deployed, await page, metrics),
    },
    { id: "token", subject: "database token", see: async () => seeToken(deployed, await page, metrics) },
  ];
}
