/** Middle and ends of a list of samples. */
export interface Summary {
  median: number;
  min: number;
  max: number;
}

/** Returns the median: the mean of the two middle values where their number is even. @throws RangeError for none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("the median of no values is not defined");
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/** Returns median, least and greatest. @throws RangeError for no values. */
export function summarize(values: readonly number[]): Summary {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * Returns `a / b` round by round. Rounds are taken side by side, so that what the machine does meanwhile
 * falls on both and cancels out.
 *
 * @throws RangeError when the lists differ in length.
 */
export function pairedRatios(a: readonly number[], b: readonly number[]): number[] {
  if (a.length !== b.length)
    throw new RangeError(`rounds must come in pairs, got ${a.length} and ${b.length}`);
  return a.map((value, round) => value / (b[round] as number));
}

/** Returns the value below which `share` (0 to 1) of the samples lie, by nearest rank. @throws RangeError for none. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError("a percentile of no values is not defined");
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number;
}
