import type { Clock } from "../clock.ts";
import { systemClock } from "../clock.ts";
import { DbError } from "../errors.ts";
import type { Auth, Login } from "./credential.ts";
import { Credential } from "./credential.ts";
import type { Fetched } from "./refreshing.ts";
import { Refreshing } from "./refreshing.ts";

/** Labels of a secret's versions that are tried, in this order. */
export type SecretStage = "AWSCURRENT" | "AWSPREVIOUS";

/** How `secretAuth` finds the secret. */
export interface SecretAuthOptions {
  /** Name or ARN of a secret that holds JSON with `username` and `password`. */
  secretId: string;
  /** Region of the secret; absent: the SDK's usual settings. */
  region?: string;
  /** Reads a version of the secret; absent: Secrets Manager's GetSecretValue. */
  read?: (secretId: string, stage: SecretStage) => Promise<string>;
  clock?: Clock;
  random?: () => number;
}

/** Time after which a working password is read again; managed secrets change every 7 days. */
const LIFE_MS = 3_600_000;
const FETCH_TIMEOUT_MS = 10_000;
/** First wait before a refused secret is read again; it doubles up to the cap. */
const REREAD_BASE_MS = 1_000;
const REREAD_CAP_MS = 32_000;
/** Quiet time after which an old refusal no longer counts. */
const FORGET_REFUSALS_MS = 60_000;

/**
 * Returns an `Auth` that reads user and password from Secrets Manager.
 *
 * A refused password is dropped and AWSCURRENT is read again, since the database changes before the label
 * moves; if it is still the refused one, AWSPREVIOUS is tried once. Reads after a refusal are spaced by 1, 2, 4
 * up to 32 s: at most 5 within 10 s.
 */
export function secretAuth(options: SecretAuthOptions): Auth {
  const { secretId, clock = systemClock, random = Math.random } = options;
  const read = options.read ?? awsReader(options.region);
  const refused = new Set<string>();
  let rereads = 0;
  let mayReadAtMs = Number.NEGATIVE_INFINITY;
  let refusedAtMs = Number.NEGATIVE_INFINITY;
  let lastLogin: Login | undefined;

  const readStage = async (stage: SecretStage): Promise<Credential> =>
    parseSecret(await read(secretId, stage), secretId, clock.nowMs());

  const fetch = async (): Promise<Fetched<Credential>> => {
    if (clock.elapsedMs() - refusedAtMs > FORGET_REFUSALS_MS) {
      refused.clear();
      rereads = 0;
    }
    const waitMs = mayReadAtMs - clock.elapsedMs();
    if (waitMs > 0) throw refusedError(secretId, waitMs);
    if (refused.size > 0) {
      mayReadAtMs = clock.elapsedMs() + Math.min(REREAD_CAP_MS, REREAD_BASE_MS * 2 ** rereads);
      rereads += 1;
    }
    let credential = await readStage("AWSCURRENT");
    if (refused.has(credential.fingerprint)) {
      const stillRefused = refusedError(secretId, mayReadAtMs - clock.elapsedMs());
      credential = rereads === 1 ? await orElse(readStage("AWSPREVIOUS"), stillRefused) : credential;
      if (refused.has(credential.fingerprint)) throw stillRefused;
    }
    const { kind, fingerprint } = credential;
    lastLogin?.emit({ type: "credential.issued", kind, fingerprint, lifeMs: LIFE_MS });
    return { value: credential, lifeMs: LIFE_MS };
  };

  const secrets = new Refreshing({
    fetch,
    clock,
    random,
    fetchTimeoutMs: FETCH_TIMEOUT_MS,
    onFailure: (error, state) =>
      lastLogin?.emit({ type: "credential.refresh_failed", message: (error as Error).message, ...state }),
  });

  return {
    async credential(login) {
      lastLogin = login;
      try {
        return await secrets.get();
      } catch (error) {
        if (error instanceof DbError) throw error;
        const message = `secret "${secretId}" cannot be read (${(error as Error).message})`;
        throw new DbError("DB_CREDENTIALS_UNAVAILABLE", message, { cause: error });
      }
    },
    invalidate(credential) {
      refused.add(credential.fingerprint);
      refusedAtMs = clock.elapsedMs();
      secrets.invalidate(credential);
    },
  };
}

function parseSecret(text: string, secretId: string, nowMs: number): Credential {
  const fields = parseFields(text);
  const { username, password } = fields ?? {};
  if (typeof username !== "string" || typeof password !== "string" || password === "") {
    // The text itself is the secret: neither it nor a parser's complaint about it may be shown.
    throw new DbError(
      "DB_CREDENTIALS_UNAVAILABLE",
      `secret "${secretId}" must hold JSON with the strings "username" and "password"`,
    );
  }
  return new Credential({ kind: "password", secret: password, user: username, issuedAtMs: nowMs });
}

function parseFields(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the version read, or throws `refusal`: a secret that was never rotated has no previous version. */
async function orElse(version: Promise<Credential>, refusal: DbError): Promise<Credential> {
  try {
    return await version;
  } catch (cause) {
    refusal.cause = cause;
    throw refusal;
  }
}

function refusedError(secretId: string, waitMs: number): DbError {
  return new DbError(
    "DB_CREDENTIALS_UNAVAILABLE",
    `the database refused the password in secret "${secretId}"; it is read again in ${Math.ceil(waitMs)} ms, ` +
      "since a rotation may be under way",
  );
}

function awsReader(region: string | undefined): NonNullable<SecretAuthOptions["read"]> {
  return async (secretId, stage) => {
    const { GetSecretValueCommand, SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
    const client = new SecretsManagerClient(region === undefined ? {} : { region });
    try {
      const answer = await client.send(
        new GetSecretValueCommand({ SecretId: secretId, VersionStage: stage }),
      );
      return answer.SecretString ?? "";
    } finally {
      client.destroy();
    }
  };
}
