import { createHash } from "node:crypto";
import type { Clock } from "../clock.ts";
import { systemClock } from "../clock.ts";
import { DbError } from "../errors.ts";
import type { DbEvent } from "../events.ts";
import type { AwsIdentity } from "./aws-identity.ts";
import { identityLoader } from "./aws-identity.ts";
import type { Auth, Login } from "./credential.ts";
import { Credential } from "./credential.ts";
import type { Fetched } from "./refreshing.ts";
import { Refreshing } from "./refreshing.ts";
import { withDeadline } from "./with-deadline.ts";

/**
 * Life of an RDS token.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
 */
const TOKEN_LIFE_MS = 900_000;
/** A token that lives shorter than this is reported: something hands out nearly expired credentials. */
const SHORT_LIFE_MS = 300_000;
const FETCH_TIMEOUT_MS = 10_000;
/** Wait for a look at the keys while a token is at hand; a login must not hang because their source does. */
const LOOK_AT_KEYS_MS = 1_000;

/** How `iamAuth` finds its keys and signs. */
export interface IamAuthOptions {
  /** Region of the database instance, such as `eu-west-1`. */
  region: string;
  /** Keys, or a function that returns them; absent: the SDK's usual chain. */
  credentials?: AwsIdentity | (() => Promise<AwsIdentity>);
  /** Profile of the shared files; with the usual chain only. */
  profile?: string;
  /** Life of a token in milliseconds, at most 900,000, which is the default. */
  tokenLifeMs?: number;
  clock?: Clock;
  random?: () => number;
}

/** State kept for one host, port and user. */
interface Signing {
  tokens: Refreshing<Credential>;
  /** Fingerprint of the keys that signed the token at hand. */
  signedBy?: string;
  login: Login;
}

/**
 * Returns an `Auth` that signs RDS tokens and renews them before their 15 minutes end.
 *
 * One token serves every login of a host, port and user until it is due. Keys that expire are kept until they
 * do, and the token dies with them; keys that never expire are read again at each login, so that a changed
 * credentials file takes effect at the next one. Existing connections are never touched.
 */
export function iamAuth(options: IamAuthOptions): Auth {
  const { region, tokenLifeMs = TOKEN_LIFE_MS } = options;
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
    throw new DbError("DB_OPTIONS_INVALID", `region must look like "eu-west-1", got "${region}"`);
  }
  if (!(tokenLifeMs > 0 && tokenLifeMs <= TOKEN_LIFE_MS)) {
    const range = `above 0 and at most ${TOKEN_LIFE_MS}`;
    throw new DbError("DB_OPTIONS_INVALID", `tokenLifeMs must be ${range}, got ${tokenLifeMs}`);
  }
  return new IamAuth({ clock: systemClock, random: Math.random, ...options, tokenLifeMs });
}

type CompleteOptions = IamAuthOptions & Required<Pick<IamAuthOptions, "tokenLifeMs" | "clock" | "random">>;

class IamAuth implements Auth {
  readonly #options: CompleteOptions;
  readonly #identities: Refreshing<AwsIdentity>;
  readonly #signings = new Map<string, Signing>();
  #lastLogin: Login | undefined;

  constructor(options: CompleteOptions) {
    const { clock, random } = options;
    const load = identityLoader(options);
    this.#options = options;
    this.#identities = new Refreshing({
      fetch: async () => withLife(await load(), clock),
      clock,
      random,
      fetchTimeoutMs: FETCH_TIMEOUT_MS,
      // Without old keys the token's own failure is reported.
      onFailure: (error, state) => {
        if (state.keptOld) this.#lastLogin?.emit(refreshFailed(error, state));
      },
    });
  }

  async credential(login: Login): Promise<Credential> {
    this.#lastLogin = login;
    const signing = this.#signingFor(login);
    await this.#dropIfKeysChanged(signing);
    try {
      return await signing.tokens.get();
    } catch (error) {
      throw unavailable(error);
    }
  }

  invalidate(credential: Credential, login: Login): void {
    this.#signingFor(login).tokens.invalidate(credential);
  }

  #signingFor(login: Login): Signing {
    const key = `${login.user}@${login.host}:${login.port}`;
    const known = this.#signings.get(key);
    if (known !== undefined) {
      known.login = login;
      return known;
    }
    const { clock, random } = this.#options;
    const signing: Signing = {
      login,
      tokens: new Refreshing({
        fetch: () => this.#sign(signing),
        clock,
        random,
        fetchTimeoutMs: FETCH_TIMEOUT_MS,
        onFailure: (error, state) => {
          signing.login.emit(refreshFailed(error, state));
        },
      }),
    };
    this.#signings.set(key, signing);
    return signing;
  }

  /** Drops a token that other keys have signed than those that are valid now. */
  async #dropIfKeysChanged(signing: Signing): Promise<void> {
    const token = signing.tokens.peek();
    if (token === undefined) return;
    // While no keys can be had the token at hand stays good; its renewal reports the failure.
    const identity = await withDeadline(
      () => this.#identities.get(),
      LOOK_AT_KEYS_MS,
      this.#options.clock,
    ).catch(() => undefined);
    if (identity !== undefined && signing.signedBy !== fingerprintOf(identity))
      signing.tokens.invalidate(token);
  }

  async #sign(signing: Signing): Promise<Fetched<Credential>> {
    const { clock, region, tokenLifeMs } = this.#options;
    const { host, port, user, emit } = signing.login;
    const identity = await this.#identities.get();
    const lifeMs = Math.min(tokenLifeMs, remainingMs(identity, clock));
    if (lifeMs <= 0) throw new Error(`the keys at hand expired at ${identity.expiration?.toISOString()}`);
    const { Signer } = await import("@aws-sdk/rds-signer");
    const signer = new Signer({ hostname: host, port, username: user, region, credentials: identity });
    const issuedAtMs = clock.nowMs();
    const value = new Credential({ kind: "token", secret: await signer.getAuthToken(), issuedAtMs });
    signing.signedBy = fingerprintOf(identity);
    emit({ type: "credential.issued", kind: "token", fingerprint: value.fingerprint, lifeMs });
    if (lifeMs < Math.min(SHORT_LIFE_MS, tokenLifeMs)) emit({ type: "credential.short_lived", lifeMs });
    return { value, lifeMs };
  }
}

function refreshFailed(error: unknown, state: { keptOld: boolean; retryInMs: number }): DbEvent {
  return { type: "credential.refresh_failed", message: (error as Error).message, ...state };
}

function withLife(identity: AwsIdentity, clock: Clock): Fetched<AwsIdentity> {
  return { value: identity, lifeMs: identity.expiration === undefined ? 0 : remainingMs(identity, clock) };
}

function remainingMs(identity: AwsIdentity, clock: Clock): number {
  return identity.expiration === undefined
    ? Number.POSITIVE_INFINITY
    : identity.expiration.getTime() - clock.nowMs();
}

function fingerprintOf(identity: AwsIdentity): string {
  const parts = [identity.accessKeyId, identity.secretAccessKey, identity.sessionToken ?? ""];
  return createHash("sha256").update(parts.join("\0")).digest("hex");
}

function unavailable(error: unknown): DbError {
  if (error instanceof DbError) return error;
  return new DbError(
    "DB_CREDENTIALS_UNAVAILABLE",
    `no AWS credentials to sign a database token with (${(error as Error).message}); ` +
      "check the instance profile, or AWS_PROFILE and the shared credentials file",
    { cause: error },
  );
}
