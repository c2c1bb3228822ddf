import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { connect, type EphemeralKeyInfo, type SecureVersion, type TLSSocket } from "node:tls";

/** A handshake takes milliseconds; on the other side of the world a second. What trickles in of one does not prolong it. */
export const DIAL_TIMEOUT_MS = 8_000;
/**
 * For one of a name's addresses before the next is tried. Node's own 250 ms give up a server on the other side of the world
 * for good, where the next address has no route from here.
 *
 * @see https://nodejs.org/docs/latest-v24.x/api/net.html#netsetdefaultautoselectfamilyattempttimeoutvalue
 */
const ATTEMPT_MS = 4_000;
/** Between two tries of a server that said nothing. */
const PAUSE_MS = 200;

/** How it shows that nobody could be asked. */
export const OUT_OF_REACH: ReadonlySet<string> = new Set([
  "EADDRNOTAVAIL",
  "EAI_AGAIN",
  "EAI_FAIL",
  "EACCES",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "ETIMEDOUT",
]);

/** Nothing was sent: OpenSSL, or the settings of the machine for it, has none of what was to be offered. */
const NOT_OFFERED: ReadonlySet<string> = new Set([
  "ERR_SSL_NO_CIPHERS_AVAILABLE",
  "ERR_SSL_NO_PROTOCOLS_AVAILABLE",
]);

/** What is offered to the server, and at which of its addresses. */
export interface Offer {
  minVersion?: SecureVersion;
  maxVersion?: SecureVersion;
  /** OpenSSL's form. */
  ciphers?: string;
  /** The only authorities; default: those that Node carries. */
  ca?: readonly string[];
  /** Which of the name's addresses; default: whichever answers. */
  address?: string | undefined;
}

/** What was negotiated on a connection. */
export interface Negotiated {
  /** `TLSv1.3` and the like. */
  protocol: string;
  /** OpenSSL's name. */
  cipher: string;
  /** Key-exchange group; null where OpenSSL does not tell. */
  group: string | null;
  /** Null where the server showed none. */
  certificate: X509Certificate | null;
}

/** How an attempt to connect ended. */
export type Dialled =
  | (Negotiated & { outcome: "connected"; chainError: string | null })
  /** The server turned the offer down. */
  | { outcome: "turned-down"; reason: string }
  /** Nobody could be asked. */
  | { outcome: "out-of-reach"; reason: string; code: string }
  /** The server said nothing for so long that nothing can be concluded. */
  | { outcome: "silent"; reason: string };

/**
 * Connects with one TLS offer and hangs up. Never rejects for what the server does: how it answers is the result.
 * A server that says nothing is asked a second time.
 *
 * @throws what the signal was aborted with.
 */
export async function dial(url: URL, offer: Offer, signal: AbortSignal): Promise<Dialled> {
  const first = await dialOnce(url, offer, signal);
  if (first.outcome !== "silent") return first;
  await delay(PAUSE_MS, undefined, { signal });
  return await dialOnce(url, offer, signal);
}

/** Where to connect. */
interface Endpoint {
  /** Without brackets. */
  host: string;
  port: number;
  /** For SNI, which may not be an address. */
  servername: string;
  autoSelectFamilyAttemptTimeout: number;
}

/**
 * Returns where to connect for a URL.
 *
 * @param address - Which of the name's addresses; default: whichever answers. SNI has the name all the same.
 */
export function endpointOf(url: URL, address?: string): Endpoint {
  const name = url.hostname.replace(/^\[|\]$/g, "");
  const defaultPort = url.protocol === "http:" ? 80 : 443;
  return {
    host: address ?? name,
    port: url.port === "" ? defaultPort : Number(url.port),
    servername: isIP(name) === 0 ? name : "",
    autoSelectFamilyAttemptTimeout: ATTEMPT_MS,
  };
}

async function dialOnce(url: URL, { ca, address, ...offer }: Offer, signal: AbortSignal): Promise<Dialled> {
  signal.throwIfAborted();
  const socket = connect({
    ...endpointOf(url, address),
    ...offer,
    ...(ca !== undefined && { ca: [...ca] }),
    // Every certificate is looked at, not only a good one.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ALPNProtocols: ["http/1.1"],
  });
  const stop = () => socket.destroy(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    const dialled = await outcomeOf(socket);
    signal.throwIfAborted();
    return dialled;
  } finally {
    signal.removeEventListener("abort", stop);
    socket.destroy();
  }
}

function outcomeOf(socket: TLSSocket): Promise<Dialled> {
  return new Promise((resolve) => {
    socket.setTimeout(DIAL_TIMEOUT_MS, () => resolve(tooLate(socket.connecting)));
    socket.once("secureConnect", () =>
      resolve({
        outcome: "connected",
        ...negotiatedOn(socket),
        // Node types it as an error; it is OpenSSL's code for what is wrong with the chain.
        chainError: socket.authorized ? null : String(socket.authorizationError),
      }),
    );
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(refusal(error)));
    socket.once("close", () => resolve({ outcome: "turned-down", reason: "the connection was closed" }));
  });
}

/** Where every packet is dropped, the system itself would give up minutes later. */
function tooLate(isConnecting: boolean): Dialled {
  const within = `within ${DIAL_TIMEOUT_MS / 1_000} s`;
  return isConnecting
    ? { outcome: "out-of-reach", reason: `no connection ${within}`, code: "ETIMEDOUT" }
    : { outcome: "silent", reason: `no answer ${within}` };
}

function refusal(error: NodeJS.ErrnoException & { reason?: string }): Dialled {
  const { code = "" } = error;
  if (OUT_OF_REACH.has(code)) return { outcome: "out-of-reach", reason: inWords(code), code };
  if (NOT_OFFERED.has(code)) {
    return { outcome: "out-of-reach", reason: `this Node cannot offer it (${code})`, code };
  }
  return { outcome: "turned-down", reason: error.reason ?? (code === "" ? error.message : code) };
}

/** Returns what a person calls a system's error code. */
export function inWords(code: string): string {
  if (code === "ECONNREFUSED") return "nothing listens there (ECONNREFUSED)";
  if (code === "ENOTFOUND") return "the name is not known (ENOTFOUND)";
  return `it cannot be reached (${code})`;
}

/** Returns what was negotiated on a connected socket. */
export function negotiatedOn(socket: TLSSocket): Negotiated {
  return {
    protocol: socket.getProtocol() ?? "unknown",
    cipher: socket.getCipher().name,
    group: (socket.getEphemeralKeyInfo() as EphemeralKeyInfo | null)?.name ?? null,
    certificate: socket.getPeerX509Certificate() ?? null,
  };
}
