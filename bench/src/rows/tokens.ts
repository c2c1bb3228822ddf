import type { RowGroup } from "../bench.ts";
import { startBenchDatabase } from "../database.ts";
import type { TokenHandlers, TokenResult } from "../parts/token-client.ts";
import type { Measurement } from "../row.ts";
import { pairedRatios } from "../statistics.ts";

/** Where a token does not rotate it lives as on RDS. */
const LONG_LIFE_MS = 900_000;
/** Windows of this group are longer than others: p99 needs logins and thousands of queries in each. */
const WINDOW_FACTOR = 4;
const QUERIES_PER_SECOND = 300;

const VARIANTS = {
  "few logins": { rotates: true, connectionAgeMs: 2_000 },
  "few logins, one token": { rotates: false, connectionAgeMs: 2_000 },
  "many logins": { rotates: true, connectionAgeMs: 250 },
} as const;

type Variant = keyof typeof VARIANTS;

const NAMES = Object.keys(VARIANTS) as Variant[];

/** How often tokens are signed, and whether a query feels it: three pools side by side, one token's life a window. */
export const tokens: RowGroup = {
  ids: ["signatures", "p99-rotation"],
  async measure(bench) {
    await using stack = new AsyncDisposableStack();
    const { target } = stack.use(await startBenchDatabase(bench));
    const client = stack.use(await bench.start<TokenHandlers>("token-client.ts", "measured"));
    const seconds = bench.seconds * WINDOW_FACTOR;
    const pools = NAMES.map((name) => {
      const { rotates, connectionAgeMs } = VARIANTS[name];
      return { connectionAgeMs, tokenLifeMs: rotates ? seconds * 1_000 : LONG_LIFE_MS };
    });
    const rounds: TokenResult[][] = [];
    for (let round = 0; round <= bench.rounds; round++) {
      rounds.push(await client.ask("run", { target, pools, seconds, queriesPerSecond: QUERIES_PER_SECOND }));
    }
    // In the first round the compiler sees the code for the first time.
    rounds.shift();
    const results = Object.fromEntries(
      NAMES.map((name, index) => [name, rounds.map((results) => results[index] as TokenResult)]),
    ) as Record<Variant, TokenResult[]>;
    for (const name of NAMES) bench.progress(`  ${name}: ${describe(results[name])}`);
    checkWindows(results);
    return measurements(results);
  },
};

/**
 * Checks that each window shows what its row says: tokens that rotate, connections that log in, queries that succeed.
 *
 * @throws Error naming the first window that does not; its p99 would be that of something else.
 */
export function checkWindows(results: Record<Variant, readonly TokenResult[]>): void {
  for (const name of NAMES) {
    for (const result of results[name]) {
      const problem = problemOf(result, VARIANTS[name].rotates);
      if (problem !== undefined) throw new Error(`"${name}": ${problem}`);
    }
  }
}

function problemOf({ failed, signatures, logins }: TokenResult, rotates: boolean): string | undefined {
  if (failed > 0) return `${failed} queries failed, and what failed has no p99`;
  if (logins === 0) return "nobody logged in during a window";
  if (rotates && signatures === 0) return "no token was signed in a token's life";
  return !rotates && signatures > 0 ? "a token was signed, and none should rotate" : undefined;
}

/** Returns for each round how many tokens were signed in that pool, of those that rotate, which signed more. */
export function mostSignatures(results: Record<Variant, readonly TokenResult[]>): number[] {
  const many = results["many logins"];
  return results["few logins"].map(({ signatures }, round) =>
    Math.max(signatures, many[round]?.signatures ?? 0),
  );
}

function describe(samples: readonly TokenResult[]): string {
  const list = (key: keyof TokenResult) => samples.map((sample) => Number(sample[key].toFixed(1))).join(" ");
  return `logins ${list("logins")}, signatures ${list("signatures")}, p99 ms ${list("p99Ms")}, failed ${list("failed")}`;
}

function measurements(results: Record<Variant, TokenResult[]>): Measurement[] {
  const most = (name: Variant) => Math.max(...results[name].map(({ logins }) => logins));
  const p99 = (name: Variant) => results[name].map(({ p99Ms }) => p99Ms);
  const loginCounts = `${most("few logins")} and ${most("many logins")}`;
  return [
    {
      id: "signatures",
      what: `tokens signed in one token's life with up to ${loginCounts} logins (count)`,
      goal: { atMost: 2 },
      samples: mostSignatures(results),
    },
    {
      id: "p99-rotation",
      what: "p99 of a query at a fixed rate while tokens rotate vs with one token, same logins (x)",
      goal: { atMost: 1.05 },
      samples: pairedRatios(p99("few logins"), p99("few logins, one token")),
    },
  ];
}
