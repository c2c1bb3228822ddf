import { once } from "node:events";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { Agent, type RequestOptions, request } from "node:https";
import { text } from "node:stream/consumers";
import type { EphemeralKeyInfo, PeerCertificate, TLSSocket } from "node:tls";

/** One answer, with what was negotiated on the way to it. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
  protocol: string | null;
  group: string | undefined;
  peer: PeerCertificate;
}

/** Sends one request to https://localhost:port and verifies the certificate against `ca`. */
export async function get(
  port: number,
  ca: string,
  options: Pick<RequestOptions, "agent" | "headers" | "path" | "maxVersion" | "minVersion"> = {},
): Promise<Answer> {
  const call = request({ host: "localhost", family: 4, port, ca, agent: false, ...options }).end();
  const [response] = (await once(call, "response")) as [IncomingMessage];
  const socket = response.socket as TLSSocket;
  const negotiated = {
    protocol: socket.getProtocol(),
    group: (socket.getEphemeralKeyInfo() as EphemeralKeyInfo | null)?.name,
    peer: socket.getPeerCertificate(),
  };
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: await text(response),
    ...negotiated,
  };
}

/** Repeats a request until the load balancer answers with `status`; the test's own timeout ends it. */
export async function untilStatus(port: number, ca: string, status: number): Promise<Answer> {
  for (;;) {
    const answer = await get(port, ca).catch(() => undefined);
    if (answer?.status === status) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Returns an agent that keeps one connection open. */
export function keepAliveAgent(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 1 });
}
