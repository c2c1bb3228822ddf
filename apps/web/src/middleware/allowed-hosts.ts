import type { RequestHandler } from "express";
import { WebError } from "../errors.ts";

/**
 * Returns whether a `Host` header, or the host of an `Origin`, is one the app answers for.
 *
 * An entry without a port stands for the default port 443, with or without it in the header.
 */
export function hostMatcher(publicHosts: readonly string[]): (host: string | undefined) => boolean {
  const hosts = new Set(publicHosts.map(withoutDefaultPort));
  return (host) => host !== undefined && hosts.has(withoutDefaultPort(host.toLowerCase()));
}

function withoutDefaultPort(host: string): string {
  return host.endsWith(":443") ? host.slice(0, -4) : host;
}

/**
 * Answers 421 for any other `Host`, so that nobody can make the app speak under a foreign name.
 * `X-Forwarded-Host` is never asked: anybody can write it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-421-misdirected-request
 */
export function allowedHosts(publicHosts: readonly string[]): RequestHandler {
  const isAllowed = hostMatcher(publicHosts);
  return (request, _response, next) => {
    if (isAllowed(request.headers.host)) return next();
    throw new WebError(
      421,
      "WEB_HOST_UNKNOWN",
      "This server does not answer for the host name of the request.",
    );
  };
}
