import type { RowGroup } from "../bench.ts";
import { absoluteNumbers, cpuRatios } from "../comparison.ts";
import type { HandshakeHandlers } from "../parts/handshake-load.ts";
import { HOST } from "../parts/note.ts";
import { compare, type Samples } from "../rounds.ts";
import type { Measurement } from "../row.ts";
import { rsaKeyPair } from "../rsa-certificate.ts";
import type { Tally } from "../tally.ts";
import { serverKeyPair, startServer } from "./http.ts";

const POST_QUANTUM = "X25519MLKEM768";
const CLASSIC = "X25519";

const VARIANTS = {
  "ECDSA, post-quantum": { key: "ecdsa", group: POST_QUANTUM },
  "ECDSA, classic": { key: "ecdsa", group: CLASSIC },
  "RSA-2048, post-quantum": { key: "rsa", group: POST_QUANTUM },
  "RSA-2048, classic": { key: "rsa", group: CLASSIC },
} as const;

type Variant = keyof typeof VARIANTS;

/** What a full TLS 1.3 handshake costs the server: connect, shake hands, close. */
export const handshakes: RowGroup = {
  ids: ["handshake-post-quantum", "handshake-rsa", "handshake-rsa-classic"],
  async measure(bench) {
    const names = Object.keys(VARIANTS) as Variant[];
    const keyPairs = { ecdsa: await serverKeyPair(bench), rsa: await rsaKeyPair(HOST) };
    const samples = await compare(names, bench, async (round) => {
      const load = round.use(await bench.start<HandshakeHandlers>("handshake-load.ts", "helper"));
      const servers = {
        ecdsa: await startServer(bench, round, { stack: "app", tls: keyPairs.ecdsa }),
        rsa: await startServer(bench, round, { stack: "app", tls: keyPairs.rsa }),
      };
      return (name, milliseconds) => {
        const { key, group } = VARIANTS[name];
        return load.ask("run", { ...servers[key], group, milliseconds });
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
      what: "full handshakes for the same server CPU, ECDSA P-256 vs RSA-2048, both X25519MLKEM768 (x)",
      goal: { atLeast: 1.6 },
      samples: cpuRatios(samples, "RSA-2048, post-quantum", "ECDSA, post-quantum"),
    },
    {
      id: "handshake-rsa-classic",
      what: "full handshakes for the same server CPU, ECDSA P-256 vs RSA-2048, both X25519 (x)",
      goal: "report",
      samples: cpuRatios(samples, "RSA-2048, classic", "ECDSA, classic"),
    },
  ];
}
