import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { endpointOf, inWords } from "./dial.ts";
import type { Place } from "./place.ts";

/** Long enough for the third SYN of a connection to be answered. */
const CONNECT_TIMEOUT_MS = 8_000;
/** Of the whole answer, not of a pause in it: one that trickles would be waited for without end. */
const ANSWER_TIMEOUT_MS = 5_000;
const ENOUGH_BYTES = 4_096;

/** What became of a request in plain HTTP. */
export interface Spoken {
  /** `closed`: nothing takes connections. `unknown`: nobody could try. */
  reached: "closed" | "unknown" | "hung-up" | "waiting";
  said: string;
  /** What to say where nothing was said. */
  reason: string;
}

/** What is asked for. */
export interface PlainAsk extends Place {
  path: string;
}

/** How it shows that a port takes no connection: refused, or dropped by a firewall. */
const CLOSED: ReadonlySet<string> = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ETIMEDOUT"]);

/** Sends one GET without TLS, whatever the port is meant for, and returns the beginning of what comes back. */
export async function speakPlain({ url, path, address }: PlainAsk, signal: AbortSignal): Promise<Spoken> {
  const socket = connect({ ...endpointOf(url, address), signal });
  try {
    const refusal = await connected(socket);
    signal.throwIfAborted();
    if (refusal !== undefined) return refusal;
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: close\r\n\r\n`);
    const spoken = await listen(socket);
    signal.throwIfAborted();
    return spoken;
  } finally {
    socket.destroy();
  }
}

/** Returns the status code of an answer in HTTP/1; 0: it is none. */
export function statusOf(said: string): number {
  return Number(/^HTTP\/1\.[01] (\d{3})/.exec(said)?.[1] ?? 0);
}

/** Returns `undefined` once connected. */
async function connected(socket: Socket): Promise<Spoken | undefined> {
  const timeout = AbortSignal.timeout(CONNECT_TIMEOUT_MS);
  try {
    await once(socket, "connect", { signal: timeout });
    return undefined;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (timeout.aborted) {
      return { reached: "closed", said: "", reason: `no connection within ${CONNECT_TIMEOUT_MS / 1_000} s` };
    }
    return { reached: CLOSED.has(code) ? "closed" : "unknown", said: "", reason: inWords(code) };
  }
}

async function listen(socket: Socket): Promise<Spoken> {
  let said = "";
  // A server of TLS hangs up: an error here is the answer that is hoped for.
  socket.on("error", () => undefined);
  socket.on("data", (chunk) => {
    said += chunk.toString("latin1");
    if (said.length > ENOUGH_BYTES) socket.destroy();
  });
  let timer: NodeJS.Timeout | undefined;
  const reached = await new Promise<"hung-up" | "waiting">((resolve) => {
    socket.once("close", () => resolve("hung-up"));
    timer = setTimeout(() => resolve("waiting"), ANSWER_TIMEOUT_MS);
  });
  clearTimeout(timer);
  const reason =
    reached === "hung-up"
      ? "takes connections, and hangs up without a word"
      : `takes connections, and says nothing for ${ANSWER_TIMEOUT_MS / 1_000} s`;
  return { reached, said, reason };
}
