import type { IncomingMessage, RequestListener } from "node:http";
import type { Socket } from "node:net";

/**
 * Returns the app behind a check that each request names one host: 400 for none and for several, and whatever
 * follows on such a connection is not looked at.
 *
 * Node takes the first of several `Host` lines, and behind its own 400 for a missing one it still hands a
 * request that came in the same packet to the app. Make the server with `requireHostHeader: false`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2-6
 */
export function requireOneHost(app: RequestListener): RequestListener {
  const refused = new WeakSet<Socket>();
  return (request, response) => {
    const { socket } = request;
    if (refused.has(socket)) return;
    if (hasOneHost(request)) {
      app(request, response);
      return;
    }
    refused.add(socket);
    response.writeHead(400, { Connection: "close" }).end();
  };
}

function hasOneHost({ rawHeaders, httpVersion }: IncomingMessage): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === "host") count++;
  }
  return count === 1 || (count === 0 && httpVersion === "1.0");
}
