import { createPrivateKey, createPublicKey } from "node:crypto";
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { DeploymentAnswer, DeploymentEvent } from "../deployment-event.ts";
import { type SelfSigned, selfSigned } from "../self-signed.ts";

/** Ten years: the load balancer checks the pinned key, not the dates, and a new key means a new number. */
const CERTIFICATE_DAYS = 3_650;

/** Properties of the custom resource. */
export interface KeyPairProperties {
  /** Secret that takes `{ "key": PEM, "cert": PEM }`; it exists already. */
  secretArn: string;
  /** DNS name in the certificate. */
  host: string;
}

/**
 * Fills the secret with a key pair once, and answers with the public key that the load balancer pins.
 *
 * A secret that has a value keeps it: repeating a deployment never changes a pinned key. The private key goes
 * to the secret and nowhere else.
 */
export async function provideKeyPair(
  event: DeploymentEvent<KeyPairProperties>,
  client: Pick<SecretsManagerClient, "send">,
  now: Date,
): Promise<DeploymentAnswer<{ publicKey: string }>> {
  const { secretArn, host } = event.ResourceProperties;
  // The secret is a resource of the stack, which removes it.
  if (event.RequestType === "Delete") return { PhysicalResourceId: secretArn };
  const publicKey =
    (await existingPublicKey(client, secretArn)) ?? (await storeNewPair(client, secretArn, host, now));
  return { PhysicalResourceId: secretArn, Data: { publicKey } };
}

async function existingPublicKey(
  client: Pick<SecretsManagerClient, "send">,
  secretArn: string,
): Promise<string | undefined> {
  let text: string | undefined;
  try {
    text = (await client.send(new GetSecretValueCommand({ SecretId: secretArn }))).SecretString;
  } catch (error) {
    // A secret without a version: it was made by this deployment, and waits for its first value.
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
  const { key } = JSON.parse(text ?? "{}") as { key?: string };
  if (key === undefined) return undefined;
  const spki = createPublicKey(createPrivateKey(key)).export({ type: "spki", format: "der" });
  return spki.toString("base64");
}

async function storeNewPair(
  client: Pick<SecretsManagerClient, "send">,
  secretArn: string,
  host: string,
  now: Date,
): Promise<string> {
  const pair: SelfSigned = await selfSigned({ host, days: CERTIFICATE_DAYS, now });
  const value = JSON.stringify({ key: pair.keyPem, cert: pair.certificatePem });
  await client.send(new PutSecretValueCommand({ SecretId: secretArn, SecretString: value }));
  return pair.publicKey;
}
