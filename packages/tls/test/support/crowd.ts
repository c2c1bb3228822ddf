import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Connections opened at a time; more would overflow the queue of the listening socket. */
const BATCH = 200;

/** Opens TCP connections that send `bytes` and then nothing more, and returns them when all are open. */
export async function openCrowd(port: number, count: number, bytes: Uint8Array): Promise<Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const batch = Array.from({ length: Math.min(BATCH, count - sockets.length) }, () =>
      connect(port, "127.0.0.1").on("error", () => undefined),
    );
    await Promise.all(batch.map((socket) => once(socket, "connect")));
    for (const socket of batch) if (bytes.length > 0) socket.write(bytes);
    sockets.push(...batch);
  }
  return sockets;
}

/** Resolves when the other side has closed every one of them. */
export async function allClosed(sockets: readonly Socket[]): Promise<void> {
  await Promise.all(
    sockets.map((socket) => {
      socket.resume();
      return socket.closed ? undefined : new Promise((resolve) => socket.once("close", resolve));
    }),
  );
}
