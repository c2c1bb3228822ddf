import { GetSecretValueCommand, type GetSecretValueCommandOutput } from "@aws-sdk/client-secrets-manager";
import { type CertMaterial, type CertSource, sealedMaterial } from "../certificate/material.ts";
import { TlsError } from "../errors.ts";
import { repeatWithJitter } from "../timing/repeat.ts";

/** The part of `SecretsManagerClient` that is used. */
export interface SecretClient {
  send(
    command: GetSecretValueCommand,
    options?: { abortSignal?: AbortSignal },
  ): Promise<GetSecretValueCommandOutput>;
}

/** Settings of `fromSecret`. */
export interface SecretOptions {
  readonly client: SecretClient;
  /** Name or ARN of a secret whose text is JSON: `{ "key": PEM, "cert": PEM, "ca"?: PEM }`. */
  readonly secretId: string;
  /** Milliseconds between two looks, plus or minus a tenth. @default 300_000 */
  readonly pollMs?: number;
}

/**
 * Returns a source that reads the current version of a secret in AWS Secrets Manager and looks for a new one
 * every five minutes. It needs `secretsmanager:GetSecretValue` on that secret, and nothing else.
 *
 * Its `load` rejects with `TLS_SOURCE_FAILED` when AWS refuses or cannot be reached, and with
 * `TLS_SOURCE_MALFORMED` when the secret has another form.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export function fromSecret({ client, secretId, pollMs = 300_000 }: SecretOptions): CertSource {
  let last: CertMaterial | undefined;
  return Object.freeze({
    async load(signal?: AbortSignal): Promise<CertMaterial> {
      const secret = await getSecret(client, secretId, signal);
      const isKnown = secret.VersionId !== undefined && secret.VersionId === last?.version;
      if (last === undefined || !isKnown) last = parseSecret(secret, secretId);
      return last;
    },
    watch: (onChange: () => void): Disposable => repeatWithJitter(pollMs, onChange),
  });
}

async function getSecret(
  client: SecretClient,
  secretId: string,
  signal: AbortSignal | undefined,
): Promise<GetSecretValueCommandOutput> {
  const command = new GetSecretValueCommand({ SecretId: secretId, VersionStage: "AWSCURRENT" });
  try {
    return await client.send(command, signal === undefined ? {} : { abortSignal: signal });
  } catch (cause) {
    const { name, message } = cause as Error;
    const advice = "check the secret's name, its Region and the role's secretsmanager:GetSecretValue";
    throw new TlsError(
      "TLS_SOURCE_FAILED",
      `cannot read the secret "${secretId}": ${name}: ${message}; ${advice}`,
      {
        cause,
      },
    );
  }
}

function parseSecret(
  { SecretString = "", VersionId }: GetSecretValueCommandOutput,
  secretId: string,
): CertMaterial {
  const fields = parseFields(SecretString);
  const { key, cert, ca } = fields ?? {};
  if (typeof key !== "string" || typeof cert !== "string" || (ca !== undefined && typeof ca !== "string")) {
    const form = '{ "key": PEM, "cert": PEM, "ca"?: PEM }';
    throw new TlsError("TLS_SOURCE_MALFORMED", `the secret "${secretId}" must hold the JSON text ${form}`);
  }
  return sealedMaterial({
    key,
    cert,
    ...(ca === undefined ? {} : { ca }),
    ...(VersionId === undefined ? {} : { version: VersionId }),
  });
}

function parseFields(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : undefined;
  } catch {
    // Not passed on as cause: the parser's message quotes the text, which is the secret.
    return undefined;
  }
}
