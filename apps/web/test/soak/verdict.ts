import { MEASURES, type Measure, type Sample } from "./sample.ts";

/** How one measure went from the end of the warm-up to the end of the soak. */
export interface Finding {
  measure: Measure;
  /** Median of the first third after the warm-up. */
  begin: number;
  /** Median of the last third. */
  end: number;
  /** Growth up to which the measure counts as flat. */
  allowed: number;
  isFlat: boolean;
}

/** Part of the samples that are left out at the beginning: code is compiled, pools and caches fill. */
const WARM_UP = 0.25;
/** Fewer cannot show a direction. */
const FEWEST_SAMPLES = 6;

/**
 * Growth that still counts as flat. Memory differs by about a quarter of this from one sample to the next; counts
 * may be one off, as when a connection is just being replaced.
 */
const ALLOWED: Readonly<Record<Measure, number>> = {
  heapMib: 1,
  residentMib: 16,
  files: 1,
  listeners: 0,
  timers: 1,
  handles: 1,
};

/** Tells of each measure whether it stayed flat. @throws RangeError for fewer than 6 samples. */
export function judge(samples: readonly Sample[]): Finding[] {
  if (samples.length < FEWEST_SAMPLES) {
    throw new RangeError(`a verdict needs ${FEWEST_SAMPLES} samples, got ${samples.length}; soak for longer`);
  }
  const warm = samples.slice(Math.floor(samples.length * WARM_UP));
  const third = Math.ceil(warm.length / 3);
  return MEASURES.map((measure) => {
    const values = warm.map((sample) => sample[measure]);
    const begin = median(values.slice(0, third));
    const end = median(values.slice(-third));
    const allowed = ALLOWED[measure];
    return { measure, begin, end, allowed, isFlat: end - begin <= allowed };
  });
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle) - 1] ?? 0)) / 2;
}
