import type { Samples } from "./rounds.ts";
import { median, pairedRatios } from "./statistics.ts";
import { cpuEach, perSecond, type Tally } from "./tally.ts";

/** Returns how many times as many `a` does in a second as `b`, round by round. */
export function rateRatios<Name extends string>(samples: Samples<Name, Tally>, a: Name, b: Name): number[] {
  return pairedRatios(samples[a].map(perSecond), samples[b].map(perSecond));
}

/** Returns how many times as much CPU one of `a` takes as one of `b`, round by round. */
export function cpuRatios<Name extends string>(samples: Samples<Name, Tally>, a: Name, b: Name): number[] {
  return pairedRatios(samples[a].map(cpuEach), samples[b].map(cpuEach));
}

/** Returns a line for each variant with the numbers behind the ratios; `things` is what was counted. */
export function absoluteNumbers(samples: Samples<string, Tally>, things: string): string[] {
  return Object.entries(samples).map(([name, tallies]) => {
    const rate = median(tallies.map(perSecond)).toFixed(0);
    return `  ${name}: ${rate} ${things}/s, ${median(tallies.map(cpuEach)).toFixed(1)} us CPU each`;
  });
}
