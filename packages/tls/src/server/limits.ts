import type { Server, ServerOptions } from "node:https";
import { TlsError } from "../errors.ts";

/** Bounds what one client, and all together, may take of a server. */
export interface ServerLimits {
  /** From the connection to the end of the TLS handshake. @default 5_000 */
  readonly handshakeTimeoutMs: number;
  /** From the first byte of a request to the end of its headers; at most `requestTimeoutMs`. @default 10_000 */
  readonly headersTimeoutMs: number;
  /** From the first byte of a request to the end of its body. @default 15_000 */
  readonly requestTimeoutMs: number;
  /** How often the two limits above, and those of answers, are checked, thus their precision. @default 1_000 */
  readonly connectionsCheckingIntervalMs: number;
  /**
   * How long an idle connection stays open. It must outlast the load balancer's idle time, or the load
   * balancer sends requests into closing connections. @default `lbIdleTimeoutMs` + 5_000
   */
  readonly keepAliveTimeoutMs: number;
  /** How long a connection that owes an answer may move no byte in either direction. @default as `keepAliveTimeoutMs` */
  readonly socketTimeoutMs: number;
  /**
   * From a request to the end of its answer, however little at a time is read of it: Node has no such limit, and
   * the one above knows only clients that read nothing at all. @default 300_000
   */
  readonly answerTimeoutMs: number;
  /** Connections at a time; at some 62 KiB each: docs/reference/performance.md. @default 10_000 */
  readonly maxConnections: number;
  /** Bytes of a request's head; more is answered with 431. @default 16_384 */
  readonly maxHeaderSizeBytes: number;
  /** Header lines of a request; more is answered with 431. @default 100 */
  readonly maxHeadersCount: number;
}

const KEEP_ALIVE_MARGIN_MS = 5_000;
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Returns all limits, with the defaults for those not given.
 *
 * @param lbIdleTimeoutMs - The load balancer's idle timeout; 60 s is what AWS sets.
 * @throws TlsError `TLS_OPTION_INVALID` for a limit that is no positive integer, or that contradicts another.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
 */
export function resolveLimits(
  lbIdleTimeoutMs = 60_000,
  given: Partial<ServerLimits> = {},
): Readonly<ServerLimits> {
  const keepAliveTimeoutMs = given.keepAliveTimeoutMs ?? lbIdleTimeoutMs + KEEP_ALIVE_MARGIN_MS;
  const limits: ServerLimits = {
    handshakeTimeoutMs: 5_000,
    headersTimeoutMs: 10_000,
    requestTimeoutMs: 15_000,
    connectionsCheckingIntervalMs: 1_000,
    socketTimeoutMs: keepAliveTimeoutMs,
    answerTimeoutMs: 300_000,
    maxConnections: 10_000,
    maxHeaderSizeBytes: 16_384,
    maxHeadersCount: 100,
    ...given,
    keepAliveTimeoutMs,
  };
  for (const [name, value] of Object.entries({ lbIdleTimeoutMs, ...limits })) {
    if (Number.isInteger(value) && value >= 1 && value <= MAX_TIMER_MS) continue;
    throw new TlsError(
      "TLS_OPTION_INVALID",
      `${name} must be an integer from 1 to ${MAX_TIMER_MS}, got ${value}`,
    );
  }
  if (limits.headersTimeoutMs > limits.requestTimeoutMs) {
    const message = `headersTimeoutMs must be at most requestTimeoutMs (${limits.requestTimeoutMs}), got ${limits.headersTimeoutMs}`;
    throw new TlsError("TLS_OPTION_INVALID", message);
  }
  return Object.freeze(limits);
}

/** Returns the limits that Node takes when a server is made. */
export function limitOptions(limits: ServerLimits): ServerOptions {
  return {
    handshakeTimeout: limits.handshakeTimeoutMs,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.connectionsCheckingIntervalMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    maxHeaderSize: limits.maxHeaderSizeBytes,
  };
}

/** Sets the limits that Node takes only on a server that exists. */
export function applyLimits(server: Server, limits: ServerLimits): void {
  server.maxConnections = limits.maxConnections;
  // One more than is served: a Node that drops what is above its limit in silence still shows that there was more.
  server.maxHeadersCount = limits.maxHeadersCount + 1;
}
