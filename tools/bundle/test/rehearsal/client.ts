import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import type { TLSSocket } from "node:tls";
import { PUBLIC_HOST } from "./instance.ts";

/** What to ask, and by which socket. */
export interface Ask {
  socketPath: string;
  tls: boolean;
  path: string;
  method?: string;
  headers?: Record<string, string>;
}

/** An answer, whole. */
export interface Answer {
  status: number;
  headers: IncomingMessage["headers"];
  body: string;
  /** TLS version and the subject of the certificate; absent without TLS. */
  tls?: { protocol: string | null; subject: string };
}

/** Begins a request; the body is the caller's to write. The certificate is looked at, not trusted. */
export function begin(ask: Ask): { request: ClientRequest; answer: Promise<Answer> } {
  const send = ask.tls ? httpsRequest : httpRequest;
  const request = send({
    socketPath: ask.socketPath,
    path: ask.path,
    method: ask.method ?? "GET",
    headers: { Host: PUBLIC_HOST, ...ask.headers },
    servername: PUBLIC_HOST,
    rejectUnauthorized: false,
    agent: false,
  });
  const answer = new Promise<Answer>((resolve, reject) => {
    request.once("error", reject);
    request.once("response", (response) => {
      const tls = ask.tls ? seen(response.socket as TLSSocket) : {};
      text(response).then(
        (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body, ...tls }),
        reject,
      );
    });
  });
  return { request, answer };
}

/** Sends a request without a body, or with this one as JSON, and returns the answer. */
export async function ask(question: Ask, body?: object): Promise<Answer> {
  const headers = body && { "Content-Type": "application/json", ...question.headers };
  const { request, answer } = begin({ ...question, ...(headers && { headers }) });
  request.end(body && JSON.stringify(body));
  return await answer;
}

function seen(socket: TLSSocket): Pick<Answer, "tls"> {
  const subject = socket.getPeerX509Certificate()?.subject ?? "";
  return { tls: { protocol: socket.getProtocol(), subject } };
}

/** Sends these bytes and returns all that comes back. */
export async function askRaw(socketPath: string, bytes: string): Promise<string> {
  const socket = connect(socketPath);
  socket.write(bytes);
  return await text(socket);
}
