import type { Bench, RowGroup } from "../bench.ts";
import { absoluteNumbers, cpuRatios } from "../comparison.ts";
import type { HttpLoadHandlers } from "../parts/http-load.ts";
import { HOST, NOTE_PATH } from "../parts/note.ts";
import type { KeyPair, WebServerHandlers, WebServerRequest } from "../parts/web-server.ts";
import { interleaveSlices, type Samples } from "../rounds.ts";
import type { Measurement } from "../row.ts";
import type { Tally } from "../tally.ts";

const CONNECTIONS = 50;

const VARIANTS = {
  "app over HTTPS": { stack: "app", secure: true },
  "app over HTTP": { stack: "app", secure: false },
  "bare Express over HTTPS": { stack: "bare", secure: true },
  "bare Express over HTTPS, etag": { stack: "bare-with-etag", secure: true },
  "Express, helmet, pino-http over HTTPS": { stack: "helmet-and-pino", secure: true },
} as const;

type Variant = keyof typeof VARIANTS;

/** What TLS costs the app, and what the app costs beside Express alone: CPU of the server for one request. */
export const web: RowGroup = {
  ids: ["https-vs-http", "stack-vs-bare", "stack-vs-bare-etag", "helmet-pino-vs-bare"],
  async measure(bench) {
    const tls = await serverKeyPair(bench);
    await using stack = new AsyncDisposableStack();
    const load = stack.use(await bench.start<HttpLoadHandlers>("http-load.ts", "helper"));
    const names = Object.keys(VARIANTS) as Variant[];
    const servers = new Map<Variant, RunningServer>();
    for (const name of names) {
      const { stack: which, secure } = VARIANTS[name];
      servers.set(name, await startServer(bench, stack, { stack: which, ...(secure ? { tls } : {}) }));
    }
    const samples = await interleaveSlices(names, bench, (name, milliseconds) => {
      const { port, pid } = servers.get(name) as RunningServer;
      return load.ask("run", {
        port,
        secure: VARIANTS[name].secure,
        host: HOST,
        path: NOTE_PATH,
        connections: CONNECTIONS,
        milliseconds,
        pids: [pid],
      });
    });
    for (const line of absoluteNumbers(samples, "requests")) bench.progress(line);
    return measurements(samples);
  },
};

function measurements(samples: Samples<Variant, Tally>): Measurement[] {
  const ratio = (a: Variant, b: Variant) => cpuRatios(samples, a, b);
  return [
    {
      id: "https-vs-http",
      what: "the app over HTTPS vs over HTTP, CPU per kept-alive request (x)",
      goal: { atMost: 1.3 },
      samples: ratio("app over HTTPS", "app over HTTP"),
    },
    {
      id: "stack-vs-bare",
      what: "the app's whole stack vs Express alone (etag off), both HTTPS, CPU per request (x)",
      goal: { atMost: 1.2 },
      samples: ratio("app over HTTPS", "bare Express over HTTPS"),
    },
    {
      id: "stack-vs-bare-etag",
      what: "the app's whole stack vs Express as it comes, both HTTPS, CPU per request (x)",
      goal: "report",
      samples: ratio("app over HTTPS", "bare Express over HTTPS, etag"),
    },
    {
      id: "helmet-pino-vs-bare",
      what: "Express with helmet and pino-http vs Express alone (etag off), both HTTPS, CPU per request (x)",
      goal: "report",
      samples: ratio("Express, helmet, pino-http over HTTPS", "bare Express over HTTPS"),
    },
  ];
}

/** A measured server. */
export interface RunningServer {
  port: number;
  pid: number;
}

/** Starts a web server on the measured core; it ends with `stack`. */
export async function startServer(
  bench: Bench,
  stack: AsyncDisposableStack,
  request: WebServerRequest,
): Promise<RunningServer> {
  // A file, as on an instance, where the log is kept on disk too.
  const logFile = `${bench.temporaryDir}/web.log`;
  const server = stack.use(await bench.start<WebServerHandlers>("web-server.ts", "measured", { logFile }));
  return { port: await server.ask("open", request), pid: server.pid };
}

/** Returns an ECDSA P-256 key and its certificate. */
export async function serverKeyPair(bench: Bench): Promise<KeyPair> {
  const { keyPem, certificatePem } = await (await bench.ca()).issue({
    hosts: [HOST, "localhost", "127.0.0.1"],
  });
  return { key: keyPem, cert: certificatePem };
}
