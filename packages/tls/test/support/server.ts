import { once } from "node:events";
import type { RequestListener } from "node:http";
import type { AddressInfo, Server } from "node:net";
import type { TestContext } from "node:test";
import { createTlsServer, selfSigned, type TlsServer, type TlsServerOptions } from "../../src/index.ts";

/** Listens on a free port of the loopback address and returns it. */
export async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** Starts a TLS server that ends with the test. */
export async function startServer(
  t: TestContext,
  options: Partial<TlsServerOptions> = {},
  app: RequestListener = (_request, response) => void response.end("ok"),
): Promise<{ server: TlsServer; port: number }> {
  const server = await createTlsServer(app, { source: selfSigned(), ...options });
  t.after(() => server[Symbol.asyncDispose]());
  return { server, port: await listen(server) };
}
