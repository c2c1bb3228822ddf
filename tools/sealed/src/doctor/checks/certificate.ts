import type { CertificateDetail } from "@aws-sdk/client-acm";
import { deployedCertificate } from "../../deployment/deployed-certificate.ts";
import { type Account, placeOptions } from "../account.ts";
import type { Check } from "../check.ts";
import { type Finding, ok, problem, unchecked, warning } from "../finding.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
/** ACM begins to renew 60 days ahead; with half of that left, it does not succeed. */
const WARNING_DAYS = 30;

/** Looks how long the certificate of the deployed load balancer is good for. */
export function certificateCheck({ deployment, context, cloudFormation }: Account): Check {
  return {
    id: "certificate",
    subject: "certificate of the load balancer",
    async look() {
      const certificate = await deployedCertificate(cloudFormation, deployment, context);
      if (certificate === undefined) return ok("none: clients see the app's own, which renews itself");
      return judge(certificate, context.system.now(), placeOptions(deployment));
    },
  };
}

function judge(
  { NotAfter, Status, Type, CertificateArn = "" }: CertificateDetail,
  now: Date,
  place: string,
): Finding {
  const mend = [`aws acm describe-certificate --certificate-arn ${CertificateArn}${place}`];
  if (Status !== "ISSUED" && Status !== "EXPIRED") {
    return problem(`${Status ?? "unknown state"}`, "the load balancer cannot serve it", mend);
  }
  if (NotAfter === undefined) return unchecked("ACM names no end of the certificate", mend);
  const days = Math.floor((NotAfter.getTime() - now.getTime()) / DAY_MS);
  if (days < 0 || Status === "EXPIRED") {
    return problem(`ended ${NotAfter.toISOString().slice(0, 10)}`, "clients refuse the connection", mend);
  }
  const found = `${days} days left`;
  if (days >= WARNING_DAYS) return ok(found);
  const meaning =
    Type === "IMPORTED"
      ? "it was imported for a sandbox and nobody renews it: remove the sandbox and deploy a new one"
      : "ACM should have renewed it by now: its DNS record for validation may be gone";
  return warning(found, meaning, Type === "IMPORTED" ? ["npx turbo destroy", "npx turbo deploy"] : mend);
}
