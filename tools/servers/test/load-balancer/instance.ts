import { once } from "node:events";
import { createServer as createPlainServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import type { IssuedCertificate } from "../../src/ca/index.ts";

/** A small application instance that remembers what reached it. */
export interface Instance extends AsyncDisposable {
  name: string;
  host: string;
  port: number;
  /** Requests other than health checks. */
  requests: IncomingMessage[];
  /** Connections on which such a request arrived. */
  connections: Set<unknown>;
  protocols: Set<string | null>;
  /** What /readyz answers; 200 at first. */
  readiness: { status: number };
}

/** Starts an instance; without a certificate it speaks plain HTTP. `delayMs` is how long each answer takes. */
export async function startInstance(
  name: string,
  certificate: IssuedCertificate | undefined,
  { delayMs = 0, ecdhCurve = "auto" }: { delayMs?: number; ecdhCurve?: string } = {},
): Promise<Instance> {
  const seen: Pick<Instance, "requests" | "connections" | "protocols" | "readiness"> = {
    requests: [],
    connections: new Set(),
    protocols: new Set(),
    readiness: { status: 200 },
  };
  const listener: RequestListener = (request, response) => {
    if (request.url === "/readyz") {
      response.writeHead(seen.readiness.status).end();
      return;
    }
    seen.requests.push(request);
    seen.connections.add(request.socket);
    seen.protocols.add((request.socket as TLSSocket).getProtocol?.() ?? null);
    setTimeout(() => response.end(name), delayMs);
  };
  const server =
    certificate === undefined
      ? createPlainServer(listener)
      : createServer({ key: certificate.keyPem, cert: certificate.certificatePem, ecdhCurve }, listener);
  server.keepAliveTimeout = 65_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    name,
    host: "127.0.0.1",
    port: (server.address() as AddressInfo).port,
    ...seen,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
