import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createTlsServer, selfSigned } from "@sealed/tls";
import { answer } from "./helper.ts";

/** How long a server keeps idle connections, and how much longer than it says. */
export interface KeepAlive {
  timeoutMs: number;
  bufferMs: number;
}

/** Questions that this process answers. */
export interface KeepAliveServerHandlers {
  /** Returns what a server of this repository does behind a load balancer with this idle timeout. */
  derived(lbIdleTimeoutMs: number): Promise<KeepAlive>;
  /** Returns what Node does when nobody says anything. */
  usual(request: null): KeepAlive;
  /** Serves with these idle times and returns the port. */
  listen(keepAlive: KeepAlive): Promise<number>;
  /** Returns how many connections it closed because they lay idle for too long. */
  closedIdle(request: null): number;
}

const app = (_request: unknown, response: { end(body: string): void }) => response.end("ok");

let closedIdle = 0;

answer({
  async derived(lbIdleTimeoutMs) {
    const server = await createTlsServer(app, { source: selfSigned(), lbIdleTimeoutMs });
    const keepAlive = { timeoutMs: server.keepAliveTimeout, bufferMs: server.keepAliveTimeoutBuffer };
    await server[Symbol.asyncDispose]();
    return keepAlive;
  },
  usual() {
    const server = createServer();
    return { timeoutMs: server.keepAliveTimeout, bufferMs: server.keepAliveTimeoutBuffer };
  },
  async listen({ timeoutMs, bufferMs }) {
    const limits = { keepAliveTimeoutMs: timeoutMs };
    const server = await createTlsServer(app, { source: selfSigned(), limits });
    server.keepAliveTimeoutBuffer = bufferMs;
    // The limit on silence in general must not end what the limit on idle connections lets live.
    server.timeout = 60_000;
    // Node closes such a connection itself where nobody listens.
    server.on("timeout", (socket) => {
      closedIdle++;
      socket.destroy();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  },
  closedIdle: () => closedIdle,
} satisfies KeepAliveServerHandlers);
