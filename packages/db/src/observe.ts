import type { X509Certificate } from "node:crypto";
import type { Clock } from "./clock.ts";
import type { Session } from "./session/session.ts";
import { toRoot } from "./trust/anchors.ts";

/** What is seen on one live connection. */
export interface ConnectionObservation {
  /** Negotiated TLS version, such as `TLSv1.3`. */
  protocol: string | null;
  cipher: string | null;
  /** Key-exchange group by its TLS name, such as `X25519MLKEM768`; null where Node cannot name it. */
  group: string | null;
  /** True when the handshake continued an earlier session. */
  resumed: boolean;
  /** True when the certificate leads to a trusted root and carries the host's name. */
  authorized: boolean;
  peer: { subject: string; issuer: string; fingerprint256: string; notAfter: Date; daysLeft: number };
  /** CURRENT_USER(): the account the server has matched. */
  user: string;
  /** @@GLOBAL.require_secure_transport: the server refuses plain connections of every user. */
  requiresSecureTransport: boolean;
  /** The account itself is REQUIRE SSL or stricter. */
  userRequiresTls: boolean;
  /** Age of the token this connection logged in with; above 15 minutes is well. Null for a fixed password. */
  tokenAgeMs: number | null;
  serverVersion: string;
}

const FACTS = `SELECT CURRENT_USER() AS user, @@GLOBAL.require_secure_transport AS requires_tls, VERSION() AS version`;
/** @see https://www.rfc-editor.org/rfc/rfc8422#appendix-A */
const TLS_NAMES: Readonly<Record<string, string>> = { prime256v1: "secp256r1" };
const DAY_MS = 86_400_000;

/** Reports what is seen on `session`, from its socket and from the server. */
export async function observeSession(
  session: Session,
  clock: Clock,
  options: { deadlineMs: number; signal?: AbortSignal | undefined },
): Promise<ConnectionObservation> {
  const statement = { ...options, repeatable: true };
  const [facts] = (await session.command(FACTS, [], statement)) as Record<string, unknown>[];
  // Without a name it is the account of the connection, which every account may see.
  const [account] = (await session.command("SHOW CREATE USER CURRENT_USER()", [], statement)) as object[];
  const { socket, credentialIssuedAtMs } = session;
  return {
    protocol: socket.getProtocol(),
    cipher: socket.getCipher()?.standardName ?? null,
    group: groupOf(socket.getEphemeralKeyInfo()),
    resumed: socket.isSessionReused(),
    authorized: socket.authorized,
    peer: describePeer(session.peer, clock.nowMs()),
    user: String(facts?.user),
    requiresSecureTransport: Number(facts?.requires_tls) === 1,
    userRequiresTls: /\bREQUIRE (SSL|X509|SUBJECT|ISSUER|CIPHER)\b/.test(
      String(Object.values(account ?? {})[0]),
    ),
    tokenAgeMs: credentialIssuedAtMs === undefined ? null : clock.nowMs() - credentialIssuedAtMs,
    serverVersion: String(facts?.version),
  };
}

function describePeer(certificate: X509Certificate, nowMs: number): ConnectionObservation["peer"] {
  const { subject, sha256, notAfter } = toRoot(certificate);
  const daysLeft = Math.floor((notAfter.getTime() - nowMs) / DAY_MS);
  return {
    subject,
    issuer: certificate.issuer.replaceAll("\n", ", "),
    fingerprint256: sha256,
    notAfter,
    daysLeft,
  };
}

/** Returns the group's TLS name: Node says OpenSSL's own where it knows the key, and TLS's where it does not. */
function groupOf(info: object | null): string | null {
  const { name } = (info ?? {}) as { name?: string };
  return name === undefined ? null : (TLS_NAMES[name] ?? name);
}
