import { X509Certificate } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { TLSSocket } from "node:tls";
import type { IssuedCertificate } from "@sealed/servers";
import type { HopsReport, SeenHop } from "../../../src/verify/app/hops-report.ts";
import { type Front, type FrontOptions, startFront } from "./front.ts";

/** Headers as the app sends them. */
export const GOOD_HEADERS = {
  "strict-transport-security": "max-age=63072000; includeSubDomains",
  "content-security-policy": "default-src 'self'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
};

/** A report in which everything is told to be well, for a test to change. */
export type Claim = { -readonly [Key in keyof HopsReport]: HopsReport[Key] } & {
  hops: [SeenHop, SeenHop, SeenHop];
};

/** What an address says of itself. */
export interface Claims {
  topology: string;
  certificate: IssuedCertificate;
  /** They answer in turns. */
  instances?: readonly string[];
  /** Changes the report number `turn` before it is sent. */
  change?: (report: Claim, turn: number) => void;
  /** Answers another path by itself; false: the usual page. */
  page?: (path: string, response: ServerResponse) => boolean;
  front?: Partial<FrontOptions>;
}

/** Starts an address whose every answer says that all is well, but for what is changed. */
export async function startClaiming(claims: Claims): Promise<Front> {
  const { certificate, instances = ["app-1"], page } = claims;
  let turn = 0;
  return await startFront({
    certificate,
    behind: [],
    host: "",
    answer: ({ url = "", socket }, response) => {
      if (url !== "/hops.json" && page?.(url, response) === true) return true;
      for (const [name, value] of Object.entries(GOOD_HEADERS)) response.setHeader(name, value);
      if (url !== "/hops.json") {
        response.writeHead(url === "/" ? 200 : 404).end("page");
        return true;
      }
      const report = wellReport(claims, instances[turn % instances.length] ?? "", socket as TLSSocket);
      claims.change?.(report, turn);
      turn += 1;
      response.end(JSON.stringify(report));
      return true;
    },
    ...claims.front,
  });
}

function wellReport({ topology, certificate }: Claims, instance: string, socket: TLSSocket): Claim {
  const client = { protocol: socket.getProtocol(), cipher: socket.getCipher().name };
  const hop = { sealed: true, authenticated: true, group: null, peer: null, problems: [], ...client };
  const { fingerprint256 } = new X509Certificate(certificate.certificatePem);
  const peer = { subject: "CN=app", fingerprint256, notAfter: "2099-01-01", daysLeft: 300 };
  return {
    topology,
    verdict: "sealed",
    instance,
    observedAt: new Date().toISOString(),
    hops: [
      { ...hop, id: "client-lb" },
      { ...hop, id: "lb-app", peer },
      { ...hop, id: "app-db", requiresSecureTransport: true, tokenAgeMs: 1 },
    ],
  };
}
