import { connect as connectTcp } from "node:net";
import { Duplex } from "node:stream";
import { connect } from "node:tls";
import { answer } from "./helper.ts";

/** What became of handshakes that were begun and never finished. */
export interface FloodReport {
  begun: number;
  /** The server did its whole part: key exchange, signature, certificate. */
  answered: number;
  seconds: number;
}

/** Questions that this process answers. */
export interface FloodHandlers {
  /** Begins the next handshake whenever one of `atOnce` was answered: as many as the server can take. */
  saturate(request: { port: number; atOnce: number; seconds: number }): Promise<FloodReport>;
  /** Begins handshakes at a fixed rate, whatever becomes of them, until `stop`. */
  start(request: { port: number; perSecond: number }): Promise<void>;
  stop(request: null): FloodReport;
}

const GIVE_UP_MS = 10_000;

let report: FloodReport = { begun: 0, answered: 0, seconds: 0 };
let isOver = false;

answer({
  async saturate({ port, atOnce, seconds }) {
    const hello = await clientHello();
    const startedAtMs = performance.now();
    report = { begun: 0, answered: 0, seconds };
    const loop = async () => {
      while (performance.now() - startedAtMs < seconds * 1_000) await begin(port, hello);
    };
    await Promise.all(Array.from({ length: atOnce }, loop));
    return report;
  },
  async start({ port, perSecond }) {
    const hello = await clientHello();
    const startedAtMs = performance.now();
    report = { begun: 0, answered: 0, seconds: 0 };
    const beginDue = () => {
      if (isOver) return;
      report.seconds = (performance.now() - startedAtMs) / 1_000;
      while (report.begun < report.seconds * perSecond) void begin(port, hello);
      setTimeout(beginDue, 1);
    };
    beginDue();
  },
  stop() {
    isOver = true;
    return report;
  },
} satisfies FloodHandlers);

/** Returns what a client says first, offering all that Node offers; it costs nothing to say it again and again. */
async function clientHello(): Promise<Buffer> {
  const { promise, resolve } = Promise.withResolvers<Buffer>();
  const wire = new Duplex({ read: () => undefined, write: (chunk: Buffer) => resolve(chunk) });
  const client = connect({ socket: wire, servername: "localhost" }).on("error", () => undefined);
  const hello = await promise;
  client.destroy();
  return hello;
}

function begin(port: number, hello: Buffer): Promise<void> {
  report.begun++;
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = connectTcp(port, "127.0.0.1");
  socket.once("connect", () => socket.write(hello));
  socket.once("data", () => {
    report.answered++;
    // A reset leaves no port behind in TIME_WAIT; there are not enough of them.
    socket.resetAndDestroy();
  });
  socket.on("error", () => undefined).once("close", () => resolve());
  socket.setTimeout(GIVE_UP_MS, () => socket.resetAndDestroy());
  return promise;
}
