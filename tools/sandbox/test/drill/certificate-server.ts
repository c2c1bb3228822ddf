import { once } from "node:events";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { createTlsServer, fromFiles, type TlsServer } from "@sealed/tls";
import { answer } from "./helper.ts";

/** Questions that this process answers. */
export interface CertificateServerHandlers {
  /** Serves the files' certificate and returns the port. */
  listen(files: { keyPath: string; certPath: string }): Promise<number>;
  /** Returns once so many certificates have gone live after the first. */
  untilSwapped(count: number): Promise<void>;
  report(request: null): { swaps: number; failedHandshakes: number; pauseMs: { p99: number; max: number } };
}

const NANOSECONDS_PER_MS = 1_000_000;
// The load writes notes and reads them; here nobody keeps them.
const app: RequestListener = (request, response) => {
  request.resume().on("end", () => {
    response.writeHead(request.method === "POST" ? 201 : 200, { "content-type": "application/json" });
    response.end('{"id":"1"}');
  });
};

const pauses = monitorEventLoopDelay({ resolution: 1 });
let server: TlsServer;

answer({
  async listen(files) {
    // The next change comes as soon as this one is live: nothing to wait for.
    server = await createTlsServer(app, { source: fromFiles({ ...files, debounceMs: 1 }) });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    pauses.enable();
    return (server.address() as AddressInfo).port;
  },
  async untilSwapped(count) {
    while (server.state().swaps < count) await delay(1);
  },
  report() {
    const { swaps, handshakes } = server.state();
    const ms = (nanoseconds: number) => Math.round(nanoseconds / NANOSECONDS_PER_MS);
    return {
      swaps,
      failedHandshakes: handshakes.failed,
      pauseMs: { p99: ms(pauses.percentile(99)), max: ms(pauses.max) },
    };
  },
} satisfies CertificateServerHandlers);
