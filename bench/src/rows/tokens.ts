import type { RowGroup } from "../bench.ts";
import { startBenchDatabase } from "../database.ts";
import type { TokenHandlers, TokenResult } from "../parts/token-client.ts";
import { interleave } from "../rounds.ts";
import type { Measurement } from "../row.ts";
import { pairedRatios } from "../statistics.ts";

/** A token's 15 minutes in one window: with windows of 6 s, 150 times as fast as on RDS. */
const LIFE_WINDOWS = 1;
const LONG_LIFE_MS = 900_000;
/** Windows of this group are longer than others: p99 needs logins and thousands of queries in each. */
const WINDOW_FACTOR = 3;
const QUERIES_PER_SECOND = 400;

const VARIANTS = {
  "few logins": { rotates: true, connectionAgeMs: 2_000 },
  "many logins": { rotates: true, connectionAgeMs: 250 },
  "few logins, one token": { rotates: false, connectionAgeMs: 2_000 },
} as const;

type Variant = keyof typeof VARIANTS;

/** How often tokens are signed, and whether a query feels it. */
export const tokens: RowGroup = {
  ids: ["signatures", "p99-rotation"],
  async measure(bench) {
    await using stack = new AsyncDisposableStack();
    const { target } = stack.use(await startBenchDatabase(bench));
    const client = stack.use(await bench.start<TokenHandlers>("token-client.ts", "measured"));
    const seconds = bench.seconds * WINDOW_FACTOR;
    const results = await interleave(Object.keys(VARIANTS) as Variant[], bench.rounds, (name) => {
      const { rotates, connectionAgeMs } = VARIANTS[name];
      const tokenLifeMs = rotates ? seconds * LIFE_WINDOWS * 1_000 : LONG_LIFE_MS;
      return client.ask("run", {
        target,
        seconds,
        tokenLifeMs,
        connectionAgeMs,
        queriesPerSecond: QUERIES_PER_SECOND,
      });
    });
    for (const [name, samples] of Object.entries(results)) {
      const list = (key: keyof TokenResult) =>
        samples.map((sample) => Number(sample[key].toFixed(1))).join(" ");
      const numbers = `logins ${list("logins")}, signatures ${list("signatures")}, p99 ms ${list("p99Ms")}`;
      bench.progress(`  ${name}: ${numbers}, failed ${list("failed")}`);
    }
    return measurements(results);
  },
};

function measurements(results: Record<Variant, TokenResult[]>): Measurement[] {
  const most = (name: Variant) => Math.max(...results[name].map(({ logins }) => logins));
  const p99 = (name: Variant) => results[name].map(({ p99Ms }) => p99Ms);
  const loginCounts = `${most("few logins")} and ${most("many logins")}`;
  return [
    {
      id: "signatures",
      what: `tokens signed in one token's life with up to ${loginCounts} logins (count)`,
      goal: { atMost: 2 },
      samples: [...results["few logins"], ...results["many logins"]].map(({ signatures }) => signatures),
    },
    {
      id: "p99-rotation",
      what: "p99 of a query at a fixed rate while tokens rotate vs with one token, same logins (x)",
      goal: { atMost: 1.05 },
      samples: pairedRatios(p99("few logins"), p99("few logins, one token")),
    },
  ];
}
