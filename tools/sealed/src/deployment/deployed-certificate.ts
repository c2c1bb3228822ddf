import { ACMClient, type CertificateDetail, DescribeCertificateCommand } from "@aws-sdk/client-acm";
import type { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { clientSettings, tellTrouble } from "../aws/connect.ts";
import type { CommandContext } from "../context.ts";
import type { Deployment } from "./read-deployment.ts";
import { stackResources } from "./stack-resources.ts";

/** A certificate in ACM, whether CloudFormation made it or a function of ours imported it. */
const CERTIFICATE = /^arn:[^:]+:acm:/;

/** Returns the certificate that the load balancer of the deployment shows; `undefined`: it shows none of its own. */
export async function deployedCertificate(
  cloudFormation: CloudFormationClient,
  deployment: Deployment,
  context: CommandContext,
): Promise<CertificateDetail | undefined> {
  const resources = await stackResources(cloudFormation, deployment.stackNames.at(-1) ?? "");
  const arn = resources.find(({ name }) => CERTIFICATE.test(name))?.name;
  if (arn === undefined) return undefined;
  const acm = tellTrouble(new ACMClient(clientSettings(deployment)), context.reporter.line);
  const { Certificate } = await acm.send(new DescribeCertificateCommand({ CertificateArn: arn }), {
    abortSignal: context.signal,
  });
  return Certificate;
}
