import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type CertSource,
  createTlsServer,
  type DrainOptions,
  type DrainReport,
  drainHttpServer,
  fromFiles,
  prepareDrain,
  selfSigned,
  type TlsServer,
} from "@sealed/tls";
import type { WebConfig } from "./config.ts";
import { endsClientTls } from "./settings.ts";

/** The listener of the app, with TLS or, in the lesson topology, without. */
export interface WebServer {
  /** Starts to listen and returns the port; `undefined` when it was told to end before it could. */
  listen(): Promise<number | undefined>;
  drain(options: DrainOptions): Promise<DrainReport>;
  /** What is known of certificate and handshakes; `null` for the plain listener. */
  tlsState(): ReturnType<TlsServer["state"]> | null;
  /** Cuts every connection and stops listening. */
  abort(): void;
}

/** Returns the listener that the settings ask for; it does not listen yet. */
export async function createWebServer(app: RequestListener, config: WebConfig): Promise<WebServer> {
  if (config.tls.source === "none") return plainServer(app, config);
  const { lbIdleTimeoutMs, topology } = config;
  const names = [...new Set(config.publicHosts.map(withoutPort))];
  const server = await createTlsServer(app, {
    source: await certificateSource(config, names),
    // A load balancer checks no name; a client that meets the app's certificate turns away from another's.
    hosts: endsClientTls(topology) ? names : [],
    lbIdleTimeoutMs,
  });
  return {
    listen: () => listen(server, config),
    drain: (options) => server.drain(options),
    tlsState: () => server.state(),
    abort: () => abort(server),
  };
}

async function certificateSource({ tls, region }: WebConfig, names: string[]): Promise<CertSource> {
  if (tls.source === "files") return fromFiles({ certPath: tls.certificateFile, keyPath: tls.keyFile });
  if (tls.source === "secret") {
    // Loaded here because only this source needs the SDK.
    const { SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
    const { fromSecret } = await import("@sealed/tls/aws");
    return fromSecret({ client: new SecretsManagerClient({ region }), secretId: tls.secretId });
  }
  return selfSigned({ hosts: names });
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
}

/** The listener of the lesson topology: what an app behind a TLS-terminating load balancer does. */
function plainServer(app: RequestListener, config: WebConfig): WebServer {
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 15_000,
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: config.lbIdleTimeoutMs + 5_000,
    },
    app,
  );
  prepareDrain(server);
  return {
    listen: () => listen(server, config),
    drain: (options) => drainHttpServer(server, options),
    tlsState: () => null,
    abort: () => abort(server),
  };
}

async function listen(server: Server, { port, listenAddress }: WebConfig): Promise<number | undefined> {
  server.listen(port, listenAddress);
  // Rejects when the server reports an error first, such as a port that is taken.
  await once(server, "listening");
  return (server.address() as AddressInfo | null)?.port;
}

function abort(server: Server): void {
  server.close();
  server.closeAllConnections();
}
