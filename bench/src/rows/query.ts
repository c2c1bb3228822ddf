import type { Bench, RowGroup } from "../bench.ts";
import { absoluteNumbers, cpuRatios, rateRatios } from "../comparison.ts";
import { startBenchDatabase } from "../database.ts";
import type { Part } from "../part.ts";
import type { QueryHandlers } from "../parts/query-client.ts";
import type { ClientKind } from "../parts/query-clients.ts";
import { compare, type Samples } from "../rounds.ts";
import type { Measurement } from "../row.ts";
import type { Tally } from "../tally.ts";

const KINDS: readonly ClientKind[] = ["sealed", "raw", "wrapper-default", "wrapper-iam"];

/** One row read by its key through packages/db, through mysql2 alone, and through the AWS wrapper. */
export const query: RowGroup = {
  ids: ["query-throughput", "query-cpu", "wrapper-default", "wrapper-iam"],
  async measure(bench) {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(await startBenchDatabase(bench));
    const kinds = KINDS.filter((kind) => !kind.startsWith("wrapper") || bench.wants(kind));
    const samples = await compare(kinds, { ...bench, warmUpSeconds: 3 }, async (round) => {
      const clients = new Map<ClientKind, Part<QueryHandlers>>();
      for (const kind of kinds) {
        const client = round.use(await startClient(bench, kind, database.target));
        await client.ask("open", { kind, target: database.target });
        clients.set(kind, client);
      }
      return (kind, milliseconds) => (clients.get(kind) as Part<QueryHandlers>).ask("run", { milliseconds });
    });
    for (const line of absoluteNumbers(samples, "queries")) bench.progress(line);
    return measurements(samples);
  },
};

function startClient(
  bench: Bench,
  kind: ClientKind,
  target: { credentialsFile: string },
): Promise<Part<QueryHandlers>> {
  return bench.start<QueryHandlers>("query-client.ts", "measured", {
    environment: kind === "wrapper-iam" ? { AWS_SHARED_CREDENTIALS_FILE: target.credentialsFile } : {},
    // The wrapper puts a listener on a pooled connection with each query, and Node warns of each as of a leak.
    nodeOptions: kind.startsWith("wrapper") ? ["--no-warnings"] : [],
  });
}

function measurements(samples: Samples<ClientKind, Tally>): Measurement[] {
  const rows: Measurement[] = [
    {
      id: "query-throughput",
      what: "queries a second, packages/db vs mysql2 alone, password, TLS (x)",
      goal: { atLeast: 0.98 },
      samples: rateRatios(samples, "sealed", "raw"),
    },
    {
      id: "query-cpu",
      what: "CPU per query, packages/db vs mysql2 alone, password, TLS (x)",
      goal: { atMost: 1.03 },
      samples: cpuRatios(samples, "sealed", "raw"),
    },
  ];
  for (const kind of ["wrapper-default", "wrapper-iam"] as const) {
    const plugins = kind === "wrapper-iam" ? "its iam plugin" : "its default plugins";
    if (samples[kind] === undefined) continue;
    rows.push({
      id: kind,
      what: `queries a second, packages/db vs aws-advanced-nodejs-wrapper with ${plugins} (x)`,
      goal: { atLeast: 3 },
      samples: rateRatios(samples, "sealed", kind),
    });
  }
  return rows;
}
