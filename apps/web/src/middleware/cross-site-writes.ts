import type { Request, RequestHandler } from "express";
import { WebError } from "../errors.ts";
import { hostMatcher } from "./allowed-hosts.ts";

/** Methods that change nothing. https://www.rfc-editor.org/rfc/rfc9110#name-safe-methods */
export const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** `none` is a request that no page caused, such as a bookmark. */
const OWN_SITES: ReadonlySet<string> = new Set(["same-origin", "none"]);

/**
 * Answers 403 to a write that a page of another site caused.
 *
 * Browsers since 2023 send `Sec-Fetch-Site`, older ones `Origin`; a page can write neither. A request
 * with neither comes from a program, which carries no cookies or logins of a browser's user.
 *
 * @see https://www.w3.org/TR/fetch-metadata/
 */
export function crossSiteWrites(publicHosts: readonly string[]): RequestHandler {
  const isOwnHost = hostMatcher(publicHosts);
  return (request, _response, next) => {
    if (SAFE_METHODS.has(request.method) || isOwnWrite(request, isOwnHost)) return next();
    throw new WebError(
      403,
      "WEB_CROSS_SITE_WRITE",
      "Another site may not change anything here: use this site's own pages.",
    );
  };
}

function isOwnWrite(request: Request, isOwnHost: (host: string | undefined) => boolean): boolean {
  const site = request.get("sec-fetch-site");
  if (site !== undefined) return OWN_SITES.has(site);
  const origin = request.get("origin");
  if (origin === undefined) return true;
  return origin.startsWith("https://") && isOwnHost(origin.slice("https://".length));
}
