import type { RowGroup } from "../bench.ts";
import { absoluteNumbers, cpuRatios } from "../comparison.ts";
import { compare, type Samples } from "../rounds.ts";
import type { Measurement } from "../row.ts";
import type { Tally } from "../tally.ts";
import { type RunningServer, serverKeyPair, startLoad, startServer } from "./http.ts";

const VARIANTS = {
  "app over HTTPS": { stack: "app", secure: true },
  "app over HTTP": { stack: "app", secure: false },
  "bare Express over HTTPS": { stack: "bare", secure: true },
  "bare Express over HTTP": { stack: "bare", secure: false },
  "bare Express over HTTPS, no etag": { stack: "bare-without-etag", secure: true },
  "Express, helmet, pino-http over HTTPS": { stack: "helmet-and-pino", secure: true },
} as const;

type Variant = keyof typeof VARIANTS;

/** What TLS costs the app, and what the app costs beside Express alone: CPU of the server for one request. */
export const web: RowGroup = {
  ids: [
    "https-vs-http",
    "https-vs-http-bare",
    "stack-vs-bare",
    "stack-vs-bare-no-etag",
    "helmet-pino-vs-bare",
  ],
  async measure(bench) {
    const tls = await serverKeyPair(bench);
    const names = Object.keys(VARIANTS) as Variant[];
    const samples = await compare(names, { ...bench, warmUpSeconds: 4 }, async (round) => {
      const send = await startLoad(bench, round);
      const servers = new Map<Variant, RunningServer>();
      for (const name of names) {
        const { stack, secure } = VARIANTS[name];
        servers.set(name, await startServer(bench, round, { stack, ...(secure ? { tls } : {}) }));
      }
      return (name, milliseconds) => {
        const { port, pid } = servers.get(name) as RunningServer;
        return send({ port, secure: VARIANTS[name].secure, pids: [pid] }, milliseconds);
      };
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
      id: "https-vs-http-bare",
      what: "Express alone over HTTPS vs over HTTP, CPU per kept-alive request (x)",
      goal: "report",
      samples: ratio("bare Express over HTTPS", "bare Express over HTTP"),
    },
    {
      id: "stack-vs-bare",
      what: "the app's whole stack vs Express alone, both HTTPS, CPU per request (x)",
      goal: { atMost: 1.2 },
      samples: ratio("app over HTTPS", "bare Express over HTTPS"),
    },
    {
      id: "stack-vs-bare-no-etag",
      what: "the app's whole stack vs Express told not to hash bodies, both HTTPS, CPU per request (x)",
      goal: "report",
      samples: ratio("app over HTTPS", "bare Express over HTTPS, no etag"),
    },
    {
      id: "helmet-pino-vs-bare",
      what: "Express with helmet and pino-http vs Express alone, both HTTPS, CPU per request (x)",
      goal: "report",
      samples: ratio("Express, helmet, pino-http over HTTPS", "bare Express over HTTPS"),
    },
  ];
}
