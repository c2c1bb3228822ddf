import type { RowGroup } from "../bench.ts";
import { startBenchDatabase } from "../database.ts";
import type { ConnectHandlers, ConnectKind, ConnectResult } from "../parts/connect-client.ts";
import { interleave } from "../rounds.ts";
import type { Measurement } from "../row.ts";
import { medians, pairedRatios } from "../statistics.ts";

const KINDS: readonly ConnectKind[] = ["region, first", "global, first", "resumed", "full"];

/** What a login over TLS costs: TCP, TLS, password, one ping, goodbye; one after the other. */
export const connect: RowGroup = {
  ids: ["region-roots", "region-roots-cpu", "session-reuse", "session-reuse-cpu"],
  async measure(bench) {
    await using stack = new AsyncDisposableStack();
    const { target } = stack.use(await startBenchDatabase(bench));
    const client = stack.use(await bench.start<ConnectHandlers>("connect-client.ts", "measured"));
    const results = await interleave(KINDS, bench.rounds, (kind) =>
      client.ask("run", { kind, target, seconds: bench.seconds }),
    );
    for (const kind of KINDS) {
      const { connectsPerSecond, cpuMsPerConnect, resumedShare } = medians(results[kind]);
      const numbers = `${connectsPerSecond.toFixed(1)} connects/s, ${cpuMsPerConnect.toFixed(2)} ms CPU each`;
      bench.progress(`  ${kind}: ${numbers}, resumed ${resumedShare}`);
    }
    return measurements(results);
  },
};

function measurements(results: Record<ConnectKind, ConnectResult[]>): Measurement[] {
  const rate = (kind: ConnectKind) => results[kind].map((result) => result.connectsPerSecond);
  const cpu = (kind: ConnectKind) => results[kind].map((result) => result.cpuMsPerConnect);
  return [
    {
      id: "region-roots",
      what: "first connects a second with the Region's roots vs with all of RDS (x)",
      goal: "report",
      samples: pairedRatios(rate("region, first"), rate("global, first")),
    },
    {
      id: "region-roots-cpu",
      what: "client CPU of a first connect with the Region's roots vs with all of RDS (x)",
      goal: "report",
      samples: pairedRatios(cpu("region, first"), cpu("global, first")),
    },
    {
      id: "session-reuse",
      what: "connects a second, TLS session resumed vs full handshake (x)",
      goal: { atLeast: 1.2 },
      samples: pairedRatios(rate("resumed"), rate("full")),
    },
    {
      id: "session-reuse-cpu",
      what: "client CPU of a connect, full handshake vs TLS session resumed (x)",
      goal: "report",
      samples: pairedRatios(cpu("full"), cpu("resumed")),
    },
  ];
}
