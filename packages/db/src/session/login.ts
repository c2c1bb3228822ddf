import type { X509Certificate } from "node:crypto";
import { checkServerIdentity } from "node:tls";
import type { Connection, ConnectionOptions } from "mysql2";
import { authPlugins as standardPlugins } from "mysql2";
import type { Credential } from "../auth/credential.ts";
import { DbError } from "../errors.ts";
import type { TrustAnchors } from "../trust/anchors.ts";
import { socketOf } from "./mysql-session.ts";

type Plugin = NonNullable<ConnectionOptions["authPlugins"]>[string];

/** The driver options that answer a server's question for a credential. */
export interface LoginAnswer {
  options: Pick<ConnectionOptions, "authPlugins" | "password">;
  /** Returns the verified certificate of the server. @throws DbError `DB_UNTRUSTED_CERTIFICATE`. */
  peerOf(connection: Connection): X509Certificate;
  /** What `peerOf` threw, if it did: the driver overwrites the code of the errors it is given. */
  refusal(): DbError | undefined;
}

/**
 * Returns options that give `credential` to the server over an encrypted, verified socket and over no other.
 *
 * A token answers `mysql_clear_password` only; the server must ask for it by name. A password answers the
 * plugins that prove knowledge of it, and is never sent for `mysql_clear_password`.
 */
export function loginAnswer(credential: Credential, host: string, trust: TrustAnchors): LoginAnswer {
  let refusal: DbError | undefined;
  let peer: X509Certificate | undefined;
  const peerOf = (connection: Connection): X509Certificate => {
    const socket = socketOf(connection);
    try {
      peer ??= verifiedPeer(socket, () => trust.peers.certificateOf(socket), host);
      return peer;
    } catch (error) {
      refusal = error as DbError;
      // Whatever was wrong, it may not be carried over by a resumed session.
      trust.forgetSessions();
      throw error;
    }
  };
  const guarded =
    (answer: Plugin): Plugin =>
    (context) => {
      peerOf(context.connection);
      return answer(context);
    };
  const options: LoginAnswer["options"] =
    credential.kind === "token"
      ? {
          authPlugins: { mysql_clear_password: guarded(() => () => Buffer.from(`${credential.reveal()}\0`)) },
        }
      : {
          // Without it the driver cannot answer `mysql_native_password`, which is asked in the first packet.
          password: credential.reveal(),
          authPlugins: {
            caching_sha2_password: guarded(standardPlugins.caching_sha2_password()),
            sha256_password: guarded(standardPlugins.sha256_password()),
          },
        };
  return { options, peerOf, refusal: () => refusal };
}

/**
 * Returns the certificate behind a socket that is encrypted and verified and whose certificate names `host`.
 *
 * The driver has checked all this; it is checked again here because a token must not leave when an option of
 * the driver is ever lost or changes its meaning.
 *
 * @throws DbError `DB_UNTRUSTED_CERTIFICATE` that says which of these does not hold.
 */
export function verifiedPeer(
  socket: { readonly encrypted: unknown; readonly authorized: unknown },
  certificateOf: () => X509Certificate | undefined,
  host: string,
): X509Certificate {
  const refuse = (why: string): never => {
    throw new DbError("DB_UNTRUSTED_CERTIFICATE", `refused to send a credential to ${host}: ${why}`);
  };
  if (socket.encrypted !== true) refuse("the connection is not encrypted");
  if (socket.authorized !== true) refuse("its certificate is not verified");
  const certificate = certificateOf();
  if (certificate === undefined) return refuse("its certificate is not known");
  const mismatch = checkServerIdentity(host, certificate.toLegacyObject());
  return mismatch === undefined ? certificate : refuse(mismatch.message);
}
