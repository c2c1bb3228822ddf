import type { Socket } from "node:net";
import type { Application, RequestHandler } from "express";

/** Headers that only a load balancer may write. */
const BALANCER_HEADERS = [
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-forwarded-port",
  "x-amzn-trace-id",
  "x-amzn-tls-version",
  "x-amzn-tls-cipher-suite",
];

const NEVER_BELIEVED = ["x-forwarded-host"];
const NEVER_BELIEVED_OF_STRANGERS = [...NEVER_BELIEVED, ...BALANCER_HEADERS];

/**
 * Removes what a client wrote in the load balancer's name, so that nothing behind this can believe it.
 *
 * `X-Forwarded-Host` goes in any case: a load balancer of AWS neither sets nor strips it, so it is
 * always the client's, and Express would take it for the host name.
 */
export function forwardedHeaders(): RequestHandler {
  // A connection's other end does not change: one answer for all the requests that a load balancer
  // sends through it.
  const trusted = new WeakMap<Socket, boolean>();
  return (request, _response, next) => {
    const { headers, socket } = request;
    let isTrusted = trusted.get(socket);
    if (isTrusted === undefined) {
      isTrusted = isTrustedAddress(request.app, socket.remoteAddress ?? "");
      trusted.set(socket, isTrusted);
    }
    const forged = isTrusted ? NEVER_BELIEVED : NEVER_BELIEVED_OF_STRANGERS;
    // Looked for first: `delete` is a call into V8's runtime, also for a header that is not there.
    for (const name of forged) if (name in headers) delete headers[name];
    next();
  };
}

/** Returns whether an address belongs to a trusted load balancer, by the app's own `trust proxy`. */
export function isTrustedAddress(app: Application, address: string): boolean {
  const trust = app.get("trust proxy fn") as (address: string, hop: number) => boolean;
  return trust(address, 0);
}
