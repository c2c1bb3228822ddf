import type { Bench, RowGroup } from "../bench.ts";
import { startBenchDatabase } from "../database.ts";
import type { Part } from "../part.ts";
import type { QueryHandlers, QueryResult } from "../parts/query-client.ts";
import type { ClientKind } from "../parts/query-clients.ts";
import { interleave } from "../rounds.ts";
import type { Measurement } from "../row.ts";
import { medians, pairedRatios } from "../statistics.ts";

const KINDS: readonly ClientKind[] = ["sealed", "raw", "wrapper-default", "wrapper-iam"];

/** One row read by its key through packages/db, through mysql2 alone, and through the AWS wrapper. */
export const query: RowGroup = {
  ids: ["query-throughput", "query-cpu", "wrapper-default", "wrapper-iam"],
  async measure(bench) {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(await startBenchDatabase(bench));
    const kinds = KINDS.filter((kind) => !kind.startsWith("wrapper") || bench.wants(kind));
    const clients = new Map<ClientKind, Part<QueryHandlers>>();
    for (const kind of kinds) {
      const client = stack.use(await startClient(bench, kind, database.target));
      await client.ask("open", { kind, target: database.target });
      clients.set(kind, client);
    }
    const results = await interleave(kinds, bench.rounds, (kind) =>
      (clients.get(kind) as Part<QueryHandlers>).ask("run", { seconds: bench.seconds }),
    );
    for (const kind of kinds) {
      const { queriesPerSecond, cpuMicrosPerQuery } = medians(results[kind]);
      bench.progress(
        `  ${kind}: ${queriesPerSecond.toFixed(0)} queries/s, ${cpuMicrosPerQuery.toFixed(0)} us CPU each`,
      );
    }
    return measurements(results);
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

function measurements(results: Record<ClientKind, QueryResult[]>): Measurement[] {
  const rate = (kind: ClientKind) => results[kind].map((result) => result.queriesPerSecond);
  const cpu = (kind: ClientKind) => results[kind].map((result) => result.cpuMicrosPerQuery);
  const rows: Measurement[] = [
    {
      id: "query-throughput",
      what: "queries a second, packages/db vs mysql2 alone, password, TLS (x)",
      goal: { atLeast: 0.98 },
      samples: pairedRatios(rate("sealed"), rate("raw")),
    },
    {
      id: "query-cpu",
      what: "CPU per query, packages/db vs mysql2 alone, password, TLS (x)",
      goal: { atMost: 1.03 },
      samples: pairedRatios(cpu("sealed"), cpu("raw")),
    },
  ];
  for (const kind of ["wrapper-default", "wrapper-iam"] as const) {
    const plugins = kind === "wrapper-iam" ? "its iam plugin" : "its default plugins";
    if (results[kind] === undefined) continue;
    rows.push({
      id: kind,
      what: `queries a second, packages/db vs aws-advanced-nodejs-wrapper with ${plugins} (x)`,
      goal: { atLeast: 3 },
      samples: pairedRatios(rate("sealed"), rate(kind)),
    });
  }
  return rows;
}
