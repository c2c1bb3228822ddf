import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import type { Topology } from "@sealed/infra/topologies";
import type { IssuedCertificate } from "@sealed/servers";

/** A real TLS server that answers as a deployment would, load balancer and app in one. */
export interface ModelledFront extends AsyncDisposable {
  url: string;
}

/** What it says. */
export interface FrontModel {
  topology: Topology;
  certificate: IssuedCertificate;
  /** Fingerprint of the app's certificate, by instance; they answer in turns. */
  fingerprints: Readonly<Record<string, string>>;
  hopsPage: "on" | "off";
}

const HEADERS = {
  "strict-transport-security": "max-age=63072000; includeSubDomains",
  "content-security-policy": "default-src 'none'; script-src 'self'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
};

/** Starts it on a free port of the loopback, unless one is given; what the model says may be changed while it runs. */
export async function startModelledFront(model: FrontModel, port = 0): Promise<ModelledFront> {
  let turn = 0;
  const { certificatePem: cert, keyPem: key } = model.certificate;
  const ciphers = "TLS_AES_128_GCM_SHA256:ECDHE-ECDSA-AES128-GCM-SHA256";
  const server = createServer({ cert, key, minVersion: "TLSv1.2", ciphers }, ({ url, socket }, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    const names = Object.keys(model.fingerprints);
    const name = names[turn++ % names.length] ?? "";
    if (url !== "/hops.json") response.end("start");
    else if (model.hopsPage === "off") response.writeHead(404).end();
    else response.end(JSON.stringify(report(model, name, socket as TLSSocket)));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function report({ topology, fingerprints }: FrontModel, instance: string, socket: TLSSocket) {
  const isPlain = topology === "alb-terminate";
  const tells = topology !== "clb-backend-auth";
  const common = { sealed: true, authenticated: false, group: null, problems: [] };
  const own = {
    subject: "CN=app",
    fingerprint256: fingerprints[instance],
    notAfter: "2027-01-01",
    daysLeft: 40,
  };
  return {
    topology,
    verdict: isPlain ? "open" : "sealed",
    instance,
    observedAt: new Date().toISOString(),
    hops: [
      {
        ...common,
        id: "client-lb",
        protocol: tells ? socket.getProtocol() : null,
        cipher: tells ? socket.getCipher().name : null,
        peer: null,
      },
      {
        ...common,
        id: "lb-app",
        sealed: !isPlain,
        authenticated: topology === "clb-backend-auth",
        protocol: "TLSv1.3",
        cipher: "TLS_AES_128_GCM_SHA256",
        peer: isPlain ? null : own,
      },
      {
        ...common,
        id: "app-db",
        authenticated: true,
        protocol: "TLSv1.3",
        cipher: "TLS_AES_256_GCM_SHA384",
        peer: own,
        user: "app@%",
        tokenAgeMs: 1_000,
        requiresSecureTransport: true,
        serverVersion: "8.4.11",
      },
    ],
  };
}
