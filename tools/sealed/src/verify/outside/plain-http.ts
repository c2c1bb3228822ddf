import { once } from "node:events";
import { connect } from "node:net";
import { answer, type Check, type HopId, judge, type Question } from "../check.ts";
import { endpointOf } from "./dial.ts";
import { fetchOnce } from "./fetch-once.ts";

const ANSWER_TIMEOUT_MS = 3_000;
const ENOUGH_BYTES = 4_096;

/** Asks a port for plain HTTP: nothing may come back but a redirect to HTTPS. */
export async function httpPort(url: URL, port: number, signal: AbortSignal): Promise<Check> {
  const question: Question = {
    hop: "client-lb",
    id: "plain-http",
    title: `plain HTTP on port ${port}`,
    expected: "no answer, or a redirect to HTTPS",
    mend: "close the port, or let it do nothing but redirect to HTTPS",
  };
  const at = new URL(`http://${url.hostname}:${port}`);
  let found: { status: number; location: string | undefined };
  try {
    const { status, headers } = await fetchOnce({ at, path: "/", host: url.hostname, signal });
    found = { status, location: headers.location };
  } catch (error) {
    signal.throwIfAborted();
    return judge(question, true, `no answer: ${(error as Error).message}`);
  }
  const { status, location } = found;
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
  let said: string;
  try {
    said = await speakPlain(url, signal);
  } catch (error) {
    signal.throwIfAborted();
    return answer(question, "unreached", (error as Error).message);
  }
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(said)?.[1] ?? 0);
  if (status === 0) return judge(question, true, "no answer in HTTP");
  return judge(question, status >= 400, `answers with ${status}`);
}

async function speakPlain(url: URL, signal: AbortSignal): Promise<string> {
  const { host, port } = endpointOf(url);
  const socket = connect({ host, port });
  const stop = () => socket.destroy(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    await once(socket, "connect");
    socket.write(`GET / HTTP/1.1\r\nHost: ${url.host}\r\nConnection: close\r\n\r\n`);
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => socket.end());
    let said = "";
    // A server of TLS hangs up: an error here is the answer that is hoped for.
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      said += chunk.toString("latin1");
      if (said.length > ENOUGH_BYTES) socket.destroy();
    });
    await new Promise<void>((resolve) => {
      socket.once("close", () => resolve());
      socket.once("timeout", () => resolve());
    });
    return said;
  } finally {
    signal.removeEventListener("abort", stop);
    socket.destroy();
  }
}
