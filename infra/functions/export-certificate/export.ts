import { createPrivateKey, randomBytes } from "node:crypto";
import { type ACMClient, ExportCertificateCommand } from "@aws-sdk/client-acm";
import { PutSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { DeploymentAnswer, DeploymentEvent } from "../deployment-event.ts";

/** Properties of the custom resource. */
export interface ExportProperties {
  certificateArn: string;
  /** Secret that takes `{ "key": PEM, "cert": PEM }`; the app looks for new versions by itself. */
  secretArn: string;
}

/** The services that are called. */
export interface ExportClients {
  acm: Pick<ACMClient, "send">;
  secrets: Pick<SecretsManagerClient, "send">;
}

/**
 * Exports the certificate with its key from ACM into the secret that the instances read: at the deployment,
 * and again whenever ACM has renewed it.
 *
 * @see https://docs.aws.amazon.com/acm/latest/userguide/acm-exportable-certificates.html
 */
export async function exportCertificate(
  event: DeploymentEvent<ExportProperties>,
  { acm, secrets }: ExportClients,
): Promise<DeploymentAnswer> {
  const { certificateArn, secretArn } = event.ResourceProperties;
  const answer = { PhysicalResourceId: secretArn };
  if (event.RequestType === "Delete") return answer;
  // The key leaves ACM under a passphrase that lives for this one call.
  const passphrase = randomBytes(32).toString("hex");
  const exported = await acm.send(
    new ExportCertificateCommand({ CertificateArn: certificateArn, Passphrase: Buffer.from(passphrase) }),
  );
  const key = createPrivateKey({ key: exported.PrivateKey ?? "", passphrase });
  const value = JSON.stringify({
    key: key.export({ type: "pkcs8", format: "pem" }),
    cert: `${exported.Certificate ?? ""}${exported.CertificateChain ?? ""}`,
  });
  await secrets.send(new PutSecretValueCommand({ SecretId: secretArn, SecretString: value }));
  return answer;
}
