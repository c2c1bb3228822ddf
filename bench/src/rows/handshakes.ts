import { rsaKeyPair } from "../../../tools/scan/src/index.ts";
import type { RowGroup } from "../bench.ts";
import { absoluteNumbers, cpuRatios } from "../comparison.ts";
import type { HandshakeHandlers } from "../parts/handshake-load.ts";
import { HOST } from "../parts/note.ts";
import { compare, type Samples } from "../rounds.ts";
import type { Measurement } from "../row.ts";
import type { Tally } from "../tally.ts";
import { serverKeyPair, startServer } from "./http.ts";

const POST_QUANTUM = "X25519MLKEM768";
const CLASSIC = "X25519";

const VARIANTS = {
  "ECDSA, post-quantum": { key: "ecdsa", group: POST_QUANTUM, asks: false },
  "ECDSA, classic": { key: "ecdsa", group: CLASSIC, asks: false },
  "RSA-2048, post-quantum": { key: "rsa", group: POST_QUANTUM, asks: false },
  "RSA-2048, classic": { key: "rsa", group: CLASSIC, asks: false },
  "ECDSA, post-quantum, one request": { key: "ecdsa", group: POST_QUANTUM, asks: true },
  "ECDSA, classic, one request": { key: "ecdsa", group: CLASSIC, asks: true },
  "RSA-2048, classic, one request": { key: "rsa", group: CLASSIC, asks: true },
} as const;

type Variant = keyof typeof VARIANTS;

/** What a new connection costs the server: connect, shake hands in full by TLS 1.3, ask once or not at all, close. */
export const handshakes: RowGroup = {
  ids: [
    "handshake-post-quantum",
    "handshake-rsa",
    "handshake-rsa-post-quantum",
    "visit-post-quantum",
    "visit-rsa",
  ],
  async measure(bench) {
    const names = Object.keys(VARIANTS) as Variant[];
    const keyPairs = { ecdsa: await serverKeyPair(bench), rsa: await rsaKeyPair(HOST) };
    const samples = await compare(names, { ...bench, warmUpSeconds: 1 }, async (round) => {
      const load = round.use(await bench.start<HandshakeHandlers>("handshake-load.ts", "helper"));
      const servers = {
        ecdsa: await startServer(bench, round, { stack: "app", tls: keyPairs.ecdsa }),
        rsa: await startServer(bench, round, { stack: "app", tls: keyPairs.rsa }),
      };
      return (name, milliseconds) => {
        const { key, ...how } = VARIANTS[name];
        return load.ask("run", { ...servers[key], ...how, milliseconds });
      };
    });
    for (const line of absoluteNumbers(samples, "handshakes")) bench.progress(line);
    return measurements(samples);
  },
};

function measurements(samples: Samples<Variant, Tally>): Measurement[] {
  return [
    {
      id: "handshake-post-quantum",
      what: "server CPU of a full handshake, ECDSA, X25519MLKEM768 vs X25519 (x)",
      goal: { atMost: 1.1 },
      samples: cpuRatios(samples, "ECDSA, post-quantum", "ECDSA, classic"),
    },
    {
      id: "handshake-rsa",
      what: "full handshakes for the same server CPU, ECDSA P-256 vs RSA-2048, both X25519 (x)",
      goal: { atLeast: 1.6 },
      samples: cpuRatios(samples, "RSA-2048, classic", "ECDSA, classic"),
    },
    {
      id: "handshake-rsa-post-quantum",
      what: "full handshakes for the same server CPU, ECDSA P-256 vs RSA-2048, both X25519MLKEM768 (x)",
      goal: "report",
      samples: cpuRatios(samples, "RSA-2048, post-quantum", "ECDSA, post-quantum"),
    },
    {
      id: "visit-post-quantum",
      what: "server CPU of handshake, one request and close, ECDSA, X25519MLKEM768 vs X25519 (x)",
      goal: "report",
      samples: cpuRatios(samples, "ECDSA, post-quantum, one request", "ECDSA, classic, one request"),
    },
    {
      id: "visit-rsa",
      what: "visits (handshake, one request, close) for the same server CPU, ECDSA vs RSA-2048, both X25519 (x)",
      goal: "report",
      samples: cpuRatios(samples, "RSA-2048, classic, one request", "ECDSA, classic, one request"),
    },
  ];
}
