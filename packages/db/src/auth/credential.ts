import { createHash } from "node:crypto";
import { inspect } from "node:util";
import type { EventSink } from "../events.ts";

/** How the server takes a credential: a token through `mysql_clear_password`, a password through the rest. */
export type CredentialKind = "token" | "password";

/** What a `Credential` is made of. */
export interface CredentialParts {
  kind: CredentialKind;
  secret: string;
  /** User to log in as, where the source of the secret decides it. */
  user?: string | undefined;
  /** Wall-clock epoch milliseconds at which it was made; absent: it has no age (a fixed password). */
  issuedAtMs?: number | undefined;
}

/** A secret for one login. Printing, logging or serialising it shows a fingerprint only. */
export class Credential {
  readonly kind: CredentialKind;
  readonly user: string | undefined;
  readonly issuedAtMs: number | undefined;
  /** First 8 hexadecimal digits of the secret's SHA-256: tells credentials apart, gives none away. */
  readonly fingerprint: string;
  readonly #secret: string;

  constructor(parts: CredentialParts) {
    this.kind = parts.kind;
    this.user = parts.user;
    this.issuedAtMs = parts.issuedAtMs;
    this.fingerprint = createHash("sha256").update(parts.secret).digest("hex").slice(0, 8);
    this.#secret = parts.secret;
  }

  /** Returns the secret itself; for the login only. */
  reveal(): string {
    return this.#secret;
  }

  toString(): string {
    return `${this.kind} ${this.fingerprint}`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return `Credential(${this.toString()})`;
  }
}

/** The login a credential is asked for. */
export interface Login {
  host: string;
  port: number;
  user: string;
  /** Where the source reports what it did. */
  emit: EventSink;
}

/**
 * Supplies credentials: the only extension point of this package. Called once for each login, not for each
 * query; must be safe to call many times at once.
 */
export interface Auth {
  /** Returns the credential to log in with now. @throws DbError `DB_CREDENTIALS_UNAVAILABLE`. */
  credential(login: Login): Promise<Credential>;
  /** Tells that the server refused `credential`: it must not be handed out again where another can be had. */
  invalidate(credential: Credential, login: Login): void;
}
