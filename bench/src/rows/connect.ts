import type { RowGroup } from "../bench.ts";
import { absoluteNumbers, cpuRatios, rateRatios } from "../comparison.ts";
import { startBenchDatabase } from "../database.ts";
import type { ConnectHandlers, ConnectKind } from "../parts/connect-client.ts";
import { compare, type Samples } from "../rounds.ts";
import type { Measurement } from "../row.ts";
import type { Tally } from "../tally.ts";

const KINDS: readonly ConnectKind[] = ["region, first", "global, first", "resumed", "full"];

/** What a login over TLS costs: TCP, TLS, password, one ping, goodbye; one after the other. */
export const connect: RowGroup = {
  ids: ["region-roots", "region-roots-cpu", "session-reuse", "session-reuse-cpu"],
  async measure(bench) {
    await using stack = new AsyncDisposableStack();
    const { target } = stack.use(await startBenchDatabase(bench));
    const samples = await compare(KINDS, { ...bench, warmUpSeconds: 1 }, async (round) => {
      const client = round.use(await bench.start<ConnectHandlers>("connect-client.ts", "measured"));
      return (kind, milliseconds) => client.ask("run", { kind, target, milliseconds });
    });
    for (const line of absoluteNumbers(samples, "connects")) bench.progress(line);
    return measurements(samples);
  },
};

function measurements(samples: Samples<ConnectKind, Tally>): Measurement[] {
  return [
    {
      id: "region-roots",
      what: "first connects a second with the Region's roots vs with all of RDS (x)",
      goal: "report",
      samples: rateRatios(samples, "region, first", "global, first"),
    },
    {
      id: "region-roots-cpu",
      what: "client CPU of a first connect with the Region's roots vs with all of RDS (x)",
      goal: "report",
      samples: cpuRatios(samples, "region, first", "global, first"),
    },
    {
      id: "session-reuse",
      what: "connects a second, TLS session resumed vs full handshake (x)",
      goal: { atLeast: 1.2 },
      samples: rateRatios(samples, "resumed", "full"),
    },
    {
      id: "session-reuse-cpu",
      what: "client CPU of a connect, full handshake vs TLS session resumed (x)",
      goal: "report",
      samples: cpuRatios(samples, "full", "resumed"),
    },
  ];
}
