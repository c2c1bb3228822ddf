import type { Request, RequestHandler } from "express";

/** Headers that only a load balancer may write. */
const BALANCER_HEADERS = [
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-forwarded-port",
  "x-amzn-trace-id",
  "x-amzn-tls-version",
  "x-amzn-tls-cipher-suite",
];

/** Whether a request came straight from a trusted load balancer, by the address of its socket. */
function isFromTrustedProxy(request: Request): boolean {
  const trust = request.app.get("trust proxy fn") as (address: string, hop: number) => boolean;
  return trust(request.socket.remoteAddress ?? "", 0);
}

/**
 * Removes what a client wrote in the load balancer's name, so that nothing behind this can believe it.
 *
 * `X-Forwarded-Host` goes in any case: a load balancer of AWS neither sets nor strips it, so it is
 * always the client's, and Express would take it for the host name.
 */
export function forwardedHeaders(): RequestHandler {
  return (request, _response, next) => {
    delete request.headers["x-forwarded-host"];
    if (!isFromTrustedProxy(request)) for (const name of BALANCER_HEADERS) delete request.headers[name];
    next();
  };
}
