import { once } from "node:events";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";

/** Returns an open TLS connection to localhost; rejects with the reason of a refusal. */
export async function openConnection(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ host: "127.0.0.1", servername: "localhost", port, ...options });
  socket.setEncoding("latin1").setNoDelay();
  await once(socket, "secureConnect");
  // Read always, so that the end of an idle connection is noticed; its kind is told by what was received.
  return socket.on("error", () => undefined).resume();
}

/** Sends a GET on a kept connection; resolves with the status of the whole answer, or "closed" where there is none. */
export function getOn(socket: TLSSocket, port: number, path: string): Promise<string> {
  const answer = answerOn(socket);
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`);
  return answer;
}

/** Resolves with the status of the next answer, once its whole body is there, or "closed" where there is none. */
export function answerOn(socket: TLSSocket): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let received = "";
  const onData = (text: string) => {
    received += text;
    if (isWhole(received)) resolve(received.slice(9, 12));
  };
  const onClose = () => resolve(/^HTTP\/1\.1 (\d{3})/.exec(received)?.[1] ?? "closed");
  if (socket.destroyed) onClose();
  socket.on("data", onData).once("close", onClose);
  return promise.finally(() => socket.off("data", onData).off("close", onClose));
}

function isWhole(received: string): boolean {
  const headEnd = received.indexOf("\r\n\r\n");
  const length = /\r\ncontent-length: (\d+)/i.exec(received)?.[1];
  return headEnd > 0 && length !== undefined && received.length >= headEnd + 4 + Number(length);
}
