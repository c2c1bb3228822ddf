import { once } from "node:events";
import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { type SecureContextOptions, TLSSocket } from "node:tls";
import type { IssuedCertificate } from "@sealed/servers";

/** A server that stands in the way of requests and passes them on over TLS, as an Application Load Balancer does. */
export interface Front extends AsyncDisposable {
  url: string;
  port: number;
}

/** How it behaves. */
export interface FrontOptions {
  /** Absent: plain HTTP. */
  certificate?: IssuedCertificate;
  /** Addresses of what is behind; requests take turns. */
  behind: readonly string[];
  /** The public name under which what is behind answers. */
  host: string;
  tls?: SecureContextOptions;
  /** Default: 127.0.0.1 and a free port. */
  address?: string;
  port?: number;
  /** Changes the headers of an answer. */
  change?: (headers: IncomingMessage["headers"]) => void;
  /** Answers by itself; false: passes the request on. */
  answer?: (asked: IncomingMessage, response: ServerResponse) => boolean;
}

/** TLS 1.2 and 1.3, forward secrecy and authenticated encryption only. */
const GOOD: SecureContextOptions = {
  minVersion: "TLSv1.2",
  ciphers: "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:ECDHE-ECDSA-AES128-GCM-SHA256",
};

/** Starts a front on the loopback. */
export async function startFront(options: FrontOptions): Promise<Front> {
  let turn = 0;
  const handle = (asked: IncomingMessage, response: ServerResponse) => {
    if (options.answer?.(asked, response) === true) return;
    const target = options.behind[turn++ % options.behind.length] ?? "";
    passOn(new URL(target), asked, response, options);
  };
  const { certificate } = options;
  const server =
    certificate === undefined
      ? createPlainServer(handle)
      : createServer(
          { cert: certificate.certificatePem, key: certificate.keyPem, ...GOOD, ...options.tls },
          handle,
        );
  server.listen(options.port ?? 0, options.address ?? "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `${certificate === undefined ? "http" : "https"}://localhost:${port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function passOn(
  target: URL,
  asked: IncomingMessage,
  response: ServerResponse,
  { host, change }: FrontOptions,
): void {
  const call = request(
    {
      host: "127.0.0.1",
      port: target.port,
      servername: "localhost",
      path: asked.url,
      // As with every ALB: nobody checks the certificate here.
      rejectUnauthorized: false,
      agent: false,
      headers: { ...asked.headers, host, ...reportOn(asked), connection: "close" },
    },
    (answer) => {
      const headers = { ...answer.headers };
      change?.(headers);
      response.writeHead(answer.statusCode ?? 502, headers);
      answer.pipe(response);
    },
  );
  call.on("error", () => response.writeHead(502).end());
  call.end();
}

/** What an ALB tells of the client's connection; one front behind another leaves what the first one said. */
function reportOn({ socket, headers }: IncomingMessage): Record<string, string> {
  if (headers["x-forwarded-proto"] !== undefined || !(socket instanceof TLSSocket)) return {};
  return {
    "x-forwarded-proto": "https",
    "x-amzn-tls-version": socket.getProtocol() ?? "",
    "x-amzn-tls-cipher-suite": socket.getCipher().name,
  };
}
