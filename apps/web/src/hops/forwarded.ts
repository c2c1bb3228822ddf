import type { IncomingMessage } from "node:http";
import type { ForwardedTls } from "./observation.ts";

/**
 * Reads what the load balancer reports about the client's TLS, or null when the direct peer is not trusted.
 *
 * @param isTrusted - Tells whether an address belongs to a trusted load balancer.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
 */
export function readForwardedTls(
  request: IncomingMessage,
  isTrusted: (address: string) => boolean,
): ForwardedTls | null {
  const address = request.socket.remoteAddress;
  if (address === undefined || !isTrusted(address)) return null;
  return {
    proto: nearest(request, "x-forwarded-proto")?.toLowerCase() ?? null,
    tlsVersion: nearest(request, "x-amzn-tls-version"),
    tlsCipher: nearest(request, "x-amzn-tls-cipher-suite"),
  };
}

/** Takes the last of several values: the one that the nearest proxy wrote. */
function nearest(request: IncomingMessage, header: string): string | null {
  const value = request.headers[header];
  const last = (Array.isArray(value) ? value.join(",") : value)?.split(",").at(-1)?.trim();
  return last === undefined || last === "" ? null : last;
}
