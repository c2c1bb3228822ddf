import { connect, createSecureContext, type SecureContext } from "node:tls";
import { cpuTimeMs } from "../cpu-time.ts";
import type { Tally } from "../tally.ts";
import { answer } from "./answer.ts";
import { HOST, NOTE_PATH } from "./note.ts";

/** Full handshakes, `AT_ONCE` at a time. */
export interface HandshakeRequest {
  port: number;
  /** The one key-exchange group that is offered. */
  group: string;
  /** Sends one request before it closes. */
  asks: boolean;
  milliseconds: number;
  /** The server, whose CPU time is taken. */
  pid: number;
}

/** Questions that this part answers. */
export interface HandshakeHandlers {
  /** Shakes hands for a while; tallies handshakes. Rejects when a request is not answered with 200. */
  run(request: HandshakeRequest): Promise<Tally>;
}

const AT_ONCE = 8;
const GOOD = "HTTP/1.1 200";
const REQUEST = `GET ${NOTE_PATH} HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`;

async function run(request: HandshakeRequest): Promise<Tally> {
  const context = createSecureContext({ ecdhCurve: request.group, minVersion: "TLSv1.3" });
  let count = 0;
  const cpuBeforeMs = cpuTimeMs([request.pid]);
  const startedAtMs = performance.now();
  const endAtMs = startedAtMs + request.milliseconds;
  const caller = async (): Promise<void> => {
    while (performance.now() < endAtMs) {
      await shakeHands(request, context);
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
  const cpuMs = cpuTimeMs([request.pid]) - cpuBeforeMs;
  return { count, cpuMicros: cpuMs * 1_000, wallMs: performance.now() - startedAtMs };
}

function shakeHands({ port, group, asks }: HandshakeRequest, secureContext: SecureContext): Promise<void> {
  return new Promise((resolve, reject) => {
    // The server is a child of this run on loopback: who it is has been settled.
    const socket = connect({
      host: "127.0.0.1",
      port,
      servername: HOST,
      secureContext,
      rejectUnauthorized: false,
    });
    socket.once("secureConnect", () => {
      const { name } = socket.getEphemeralKeyInfo() as { name?: string };
      const isWrong = socket.isSessionReused() || (name !== undefined && name !== group);
      if (asks) socket.write(REQUEST);
      else socket.end();
      if (isWrong) reject(new Error(`not a full handshake with ${group} but with ${name}`));
    });
    socket.once("error", reject);
    let answered = "";
    socket.setEncoding("latin1").on("data", (text: string) => {
      answered += text;
    });
    socket.once("close", () => {
      if (!asks || answered.startsWith(GOOD)) resolve();
      else reject(new Error(`a request was not answered with 200: answered with "${firstLine(answered)}"`));
    });
  });
}

function firstLine(text: string): string {
  return text.split("\r\n")[0] as string;
}

answer({ run } satisfies HandshakeHandlers);
