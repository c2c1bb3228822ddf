import { summarize } from "./statistics.ts";

/** What a row shall reach: a bound on its median, or nothing when it only reports. */
export type Goal = { atLeast: number } | { atMost: number } | "report";

/** What one row measured. */
export interface Measurement {
  id: string;
  /** What was measured, with its unit in brackets. */
  what: string;
  goal: Goal;
  /** One value a round; empty when it could not be measured, and `what` then says why. */
  samples: readonly number[];
}

/** One row of the table, and of the JSON document. */
export interface Row {
  id: string;
  what: string;
  median: number | null;
  min: number | null;
  max: number | null;
  /** ">= 0.98", "<= 1.03" or "report". */
  goal: string;
  /** `null` where there is nothing to reach, or nothing was measured. */
  reached: boolean | null;
}

const SIGNIFICANT_DIGITS = 4;

/**
 * Returns the row of a measurement: its samples summed up and held against its goal.
 *
 * @throws RangeError for a sample that is no finite number: by nothing counted, any goal would be reached.
 */
export function toRow({ id, what, goal, samples }: Measurement): Row {
  const label = goalLabel(goal);
  if (samples.length === 0) {
    return { id, what, median: null, min: null, max: null, goal: label, reached: null };
  }
  if (!samples.every(Number.isFinite)) {
    throw new RangeError(`${id}: in a round nothing was counted, got ${samples.join(", ")}`);
  }
  const { median, min, max } = summarize(samples);
  const reached = isReached(goal, median);
  return { id, what, median: rounded(median), min: rounded(min), max: rounded(max), goal: label, reached };
}

function isReached(goal: Goal, value: number): boolean | null {
  if (goal === "report") return null;
  return "atLeast" in goal ? value >= goal.atLeast : value <= goal.atMost;
}

function goalLabel(goal: Goal): string {
  if (goal === "report") return goal;
  return "atLeast" in goal ? `>= ${goal.atLeast}` : `<= ${goal.atMost}`;
}

function rounded(value: number): number {
  return Number(value.toPrecision(SIGNIFICANT_DIGITS));
}
