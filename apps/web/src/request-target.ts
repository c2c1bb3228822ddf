import type { IncomingMessage, RequestListener } from "node:http";

/** Scheme, authority and what follows them. */
const ABSOLUTE_FORM = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/i;

/**
 * Returns the app behind a rewriting of requests that name their target in full, `GET https://host/path`: it sees
 * the path alone, and as `Host` the one of the target, which counts and not the header. The host of a target that
 * is not one of HTTP is empty, which no app answers for.
 *
 * Express takes the path of such a target and leaves its host unread, and one without a path, `foo://bar`, it answers
 * by itself before any middleware: without log, headers and host check.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2
 */
export function inOriginForm(app: RequestListener): RequestListener {
  return (request, response) => {
    if (request.url?.startsWith("/") !== true) rewrite(request);
    app(request, response);
  };
}

function rewrite(request: IncomingMessage): void {
  const [, scheme, authority, rest = ""] = ABSOLUTE_FORM.exec(request.url ?? "") ?? [];
  // The other form is `*`, for the server as a whole.
  if (scheme === undefined) return;
  request.url = rest.startsWith("/") ? rest : `/${rest}`;
  request.headers.host = /^https?$/i.test(scheme) ? authority : "";
}
