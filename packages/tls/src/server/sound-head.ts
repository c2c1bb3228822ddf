import type { IncomingMessage, RequestListener } from "node:http";
import type { Socket } from "node:net";

/**
 * Returns the app behind a check that each request names one host (400 for none and for several) and has at most
 * `maxHeadersCount` header lines (431 for more); whatever follows on such a connection is not looked at.
 *
 * Node takes the first of several `Host` lines, and behind its own 400 for a missing one it still hands a
 * request that came in the same packet to the app. Make the server with `requireHostHeader: false`.
 * Node before 24.18.1 drops header lines above its own limit in silence: that one must be higher than this.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2-6
 * @see https://github.com/nodejs/node/commit/821688aaa0 (CVE-2026-58044)
 */
export function requireSoundHead(app: RequestListener, maxHeadersCount: number): RequestListener {
  const refused = new WeakSet<Socket>();
  return (request, response) => {
    const { socket } = request;
    if (refused.has(socket)) return;
    const status = statusOf(request, maxHeadersCount);
    if (status === 200) {
      app(request, response);
      return;
    }
    refused.add(socket);
    response.writeHead(status, { Connection: "close" }).end();
  };
}

function statusOf({ rawHeaders, httpVersion }: IncomingMessage, maxHeadersCount: number): 200 | 400 | 431 {
  if (rawHeaders.length > 2 * maxHeadersCount) return 431;
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === "host") hosts++;
  }
  return hosts === 1 || (hosts === 0 && httpVersion === "1.0") ? 200 : 400;
}
