import type { Socket } from "node:net";

/**
 * Ends a socket with RST, or, when its FIN is on its way already, without a further word: libuv refuses to reset
 * such a socket, and Node would then never close it.
 *
 * @see https://docs.libuv.org/en/v1.x/tcp.html#c.uv_tcp_close_reset
 */
export function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
