import {
  type ACMClient,
  DeleteCertificateCommand,
  ImportCertificateCommand,
  ResourceInUseException,
  ResourceNotFoundException,
} from "@aws-sdk/client-acm";
import type { DeploymentAnswer, DeploymentEvent } from "../deployment-event.ts";
import { selfSigned } from "../self-signed.ts";

/** Longer than any sandbox lives; an alarm counts the days. */
const CERTIFICATE_DAYS = 397;

/** A load balancer lets go of its certificate some time after it was removed. */
const DELETE_ATTEMPTS = 12;
const DELETE_PAUSE_MS = 10_000;

/** Properties of the custom resource. */
export interface ImportedCertificateProperties {
  host: string;
  /** Value of the `sealed:deployment` tag. */
  deployment: string;
}

/** What the function needs from outside. */
export interface ImportDependencies {
  client: Pick<ACMClient, "send">;
  now: Date;
  sleep: (ms: number) => Promise<unknown>;
}

/**
 * Imports a self-signed certificate into ACM, for a sandbox that has no domain. Browsers warn of it, as they
 * should: nobody vouches for its name.
 */
export async function importCertificate(
  event: DeploymentEvent<ImportedCertificateProperties>,
  { client, now, sleep }: ImportDependencies,
): Promise<DeploymentAnswer<{ arn: string }>> {
  const { host, deployment } = event.ResourceProperties;
  if (event.RequestType === "Delete") {
    const arn = event.PhysicalResourceId ?? "";
    // A creation that failed has no certificate to remove.
    if (arn.startsWith("arn:")) await remove(client, arn, sleep);
    return { PhysicalResourceId: arn };
  }
  const { keyPem, certificatePem } = await selfSigned({ host, days: CERTIFICATE_DAYS, now });
  const imported = await client.send(
    new ImportCertificateCommand({
      Certificate: Buffer.from(certificatePem),
      PrivateKey: Buffer.from(keyPem),
      Tags: [{ Key: "sealed:deployment", Value: deployment }],
    }),
  );
  const arn = imported.CertificateArn ?? "";
  return { PhysicalResourceId: arn, Data: { arn } };
}

async function remove(
  client: Pick<ACMClient, "send">,
  arn: string,
  sleep: (ms: number) => Promise<unknown>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.send(new DeleteCertificateCommand({ CertificateArn: arn }));
      return;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return;
      if (!(error instanceof ResourceInUseException) || attempt === DELETE_ATTEMPTS) throw error;
      await sleep(DELETE_PAUSE_MS);
    }
  }
}
