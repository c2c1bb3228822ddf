import { connect, createSecureContext, type SecureContext } from "node:tls";
import { cpuTimeMs } from "../cpu-time.ts";
import { answer } from "./answer.ts";
import { HOST } from "./note.ts";

/** Full handshakes, `atOnce` at a time. */
export interface HandshakeRequest {
  port: number;
  /** The one key-exchange group that is offered. */
  group: string;
  seconds: number;
  /** The server, whose CPU time is taken. */
  pid: number;
}

/** What one window saw. */
export interface HandshakeResult {
  handshakesPerSecond: number;
  serverCpuMicros: number;
}

/** Questions that this part answers. */
export interface HandshakeHandlers {
  run(request: HandshakeRequest): Promise<HandshakeResult>;
}

const AT_ONCE = 8;
const WARM_UP_HANDSHAKES = 100;

async function run(request: HandshakeRequest): Promise<HandshakeResult> {
  const context = createSecureContext({ ecdhCurve: request.group, minVersion: "TLSv1.3" });
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let i = 0; i < WARM_UP_HANDSHAKES / AT_ONCE; i++) await shakeHands(request, context);
    }),
  );
  let handshakes = 0;
  const cpuBeforeMs = cpuTimeMs([request.pid]);
  const startedAtMs = performance.now();
  const endAtMs = startedAtMs + request.seconds * 1_000;
  const caller = async (): Promise<void> => {
    while (performance.now() < endAtMs) {
      await shakeHands(request, context);
      handshakes += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
  const cpuMs = cpuTimeMs([request.pid]) - cpuBeforeMs;
  return {
    handshakesPerSecond: handshakes / ((performance.now() - startedAtMs) / 1_000),
    serverCpuMicros: (cpuMs * 1_000) / handshakes,
  };
}

function shakeHands({ port, group }: HandshakeRequest, secureContext: SecureContext): Promise<void> {
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
      socket.end();
      if (isWrong) reject(new Error(`not a full handshake with ${group} but with ${name}`));
    });
    socket.once("error", reject);
    socket.once("close", () => resolve());
    socket.resume();
  });
}

answer({ run } satisfies HandshakeHandlers);
