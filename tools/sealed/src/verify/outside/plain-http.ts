import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { answer, type Check, type HopId, judge, type Question } from "../check.ts";
import { endpointOf, inWords } from "./dial.ts";

/** Long enough for the third SYN of a connection to be answered. */
const CONNECT_TIMEOUT_MS = 8_000;
const ANSWER_TIMEOUT_MS = 5_000;
const ENOUGH_BYTES = 4_096;

/**
 * Asks a port for plain HTTP: nothing may come back but a redirect to HTTPS. A port that takes the connection is never
 * plainly well otherwise: one that says nothing may only be slow.
 */
export async function httpPort(url: URL, port: number, signal: AbortSignal): Promise<Check> {
  const question: Question = {
    hop: "client-lb",
    id: "plain-http",
    title: `plain HTTP on port ${port}`,
    expected: "nothing listens, or a redirect to HTTPS",
    mend: "close the port, or let it do nothing but redirect to HTTPS",
  };
  const at = new URL(`http://${url.hostname}:${port}`);
  const { reached, said, reason } = await speakPlain(at, signal);
  if (reached === "closed") return judge(question, true, reason);
  if (reached === "unknown") return answer(question, "unreached", reason);
  if (said === "") return answer(question, reached === "hung-up" ? "noted" : "unreached", reason);
  const status = statusOf(said);
  if (status === 0) return judge(question, false, "answers, not in HTTP");
  const [head = ""] = said.split("\r\n\r\n");
  const location = /^location:[ \t]*(\S+)/im.exec(head)?.[1];
  if (location !== undefined && status >= 300 && status < 400) {
    return judge(question, isHttps(location, at), `${status} to ${location}`);
  }
  return judge(question, false, `answers with ${status}`);
}

function isHttps(location: string, base: URL): boolean {
  return URL.canParse(location, base.href) && new URL(location, base).protocol === "https:";
}

/** Where plain HTTP is spoken although TLS is expected. */
export interface TlsPort {
  url: URL;
  hop: HopId;
  subject?: string;
}

/**
 * Speaks plain HTTP on the port of TLS. An error may come back, as from an Application Load Balancer and from nginx,
 * and nothing else.
 */
export async function plainOnTlsPort({ url, hop, subject }: TlsPort, signal: AbortSignal): Promise<Check> {
  const question: Question = {
    hop,
    ...(subject !== undefined && { subject }),
    id: "plain-on-tls-port",
    title: `plain HTTP on port ${endpointOf(url).port}`,
    expected: "no answer, or an error",
    mend: "let the listener speak TLS only",
  };
  const { reached, said, reason } = await speakPlain(url, signal);
  if (reached === "closed" || reached === "unknown") return answer(question, "unreached", reason);
  const status = statusOf(said);
  if (status === 0) return judge(question, true, "no answer in HTTP");
  return judge(question, status >= 400, `answers with ${status}`);
}

function statusOf(said: string): number {
  return Number(/^HTTP\/1\.[01] (\d{3})/.exec(said)?.[1] ?? 0);
}

/** What became of a request in plain HTTP. */
interface Spoken {
  /** `closed`: nothing takes connections. `unknown`: nobody could try. */
  reached: "closed" | "unknown" | "hung-up" | "waiting";
  said: string;
  /** What to say where nothing was said. */
  reason: string;
}

/** How it shows that a port takes no connection: refused, or dropped by a firewall. */
const CLOSED: ReadonlySet<string> = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ETIMEDOUT"]);

async function speakPlain(url: URL, signal: AbortSignal): Promise<Spoken> {
  const { host, port } = endpointOf(url);
  const socket = connect({ host, port });
  const stop = () => socket.destroy(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    const refusal = await connected(socket);
    signal.throwIfAborted();
    if (refusal !== undefined) return refusal;
    socket.write(`GET / HTTP/1.1\r\nHost: ${url.host}\r\nConnection: close\r\n\r\n`);
    const spoken = await listen(socket);
    signal.throwIfAborted();
    return spoken;
  } finally {
    signal.removeEventListener("abort", stop);
    socket.destroy();
  }
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
  const reached = await new Promise<"hung-up" | "waiting">((resolve) => {
    socket.once("close", () => resolve("hung-up"));
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => resolve("waiting"));
  });
  const reason =
    reached === "hung-up"
      ? "takes connections, and hangs up without a word"
      : `takes connections, and says nothing for ${ANSWER_TIMEOUT_MS / 1_000} s`;
  return { reached, said, reason };
}
