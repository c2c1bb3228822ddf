import { once } from "node:events";
import { type IncomingHttpHeaders, type IncomingMessage, request as plainRequest } from "node:http";
import { request } from "node:https";
import { TLSSocket } from "node:tls";
import { endpointOf, inWords, type Negotiated, negotiatedOn } from "./dial.ts";

const ANSWER_TIMEOUT_MS = 15_000;
/** The hops page is 5 kB; a body that goes on and on is not read to its end. */
const MOST_BYTES = 1_000_000;

/** One answer, and what was negotiated on the connection that it came on. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
  /** Null for plain HTTP. */
  tls: Negotiated | null;
}

/** What is asked for. */
export interface Ask {
  /** Where to connect. */
  at: URL;
  path: string;
  /** Which of the name's addresses; default: whichever answers. */
  address?: string | undefined;
  /** `Host` header; default: the one of the address. */
  host?: string;
  /** Of the whole answer, its body too. Default: 15 seconds. */
  timeoutMs?: number;
  signal: AbortSignal;
}

/**
 * Sends one GET on a connection of its own, follows nothing, and checks no certificate: that is done by others.
 *
 * @throws Error in words, when there is no whole answer.
 */
export async function fetchOnce({
  at,
  path,
  host,
  address,
  timeoutMs = ANSWER_TIMEOUT_MS,
  signal,
}: Ask): Promise<Answer> {
  const { servername, ...endpoint } = endpointOf(at, address);
  const timeout = AbortSignal.timeout(timeoutMs);
  const isPlain = at.protocol === "http:";
  const call = (isPlain ? plainRequest : request)({
    ...endpoint,
    ...(isPlain ? {} : { servername, rejectUnauthorized: false }),
    path,
    agent: false,
    headers: { host: host ?? at.host, accept: "application/json, text/html", connection: "close" },
    signal: AbortSignal.any([signal, timeout]),
  });
  call.end();
  try {
    const [response] = (await once(call, "response")) as [IncomingMessage];
    const { socket } = response;
    const tls = socket instanceof TLSSocket ? negotiatedOn(socket) : null;
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: await bodyOf(response),
      tls,
    };
  } catch (error) {
    signal.throwIfAborted();
    // A body that is cut off by it ends in an error of the connection.
    const reason = timeout.aborted
      ? `no whole answer within ${timeoutMs / 1_000} s`
      : reasonOf(error as Error);
    throw new Error(reason, { cause: error });
  } finally {
    call.destroy();
  }
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  let body = "";
  response.setEncoding("utf8");
  for await (const chunk of response) {
    body += chunk;
    if (body.length > MOST_BYTES) throw new Error(`the answer is longer than ${MOST_BYTES} characters`);
  }
  return body;
}

function reasonOf(error: NodeJS.ErrnoException): string {
  return error.code?.startsWith("E") === true && !error.code.startsWith("ERR_")
    ? inWords(error.code)
    : error.message;
}
