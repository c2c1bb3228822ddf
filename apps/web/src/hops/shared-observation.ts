/**
 * Returns a function that observes at most once at a time, and whose callers share an observation while it is
 * younger than `freshMs`: a storm of page loads leases one connection, not one each.
 *
 * @param now - Clock in milliseconds; a parameter, so tests need no waiting.
 */
export function shareObservation<T>(
  observe: () => Promise<T>,
  { freshMs, now }: { freshMs: number; now: () => number },
): () => Promise<T> {
  let flight: Promise<T> | undefined;
  let last: { value: T; atMs: number } | undefined;

  async function fly(): Promise<T> {
    try {
      const value = await observe();
      last = { value, atMs: now() };
      return value;
    } finally {
      flight = undefined;
    }
  }

  return async () => {
    // Below 0 the clock was set back: what was seen before would count as fresh until it is there again.
    const ageMs = last === undefined ? Number.POSITIVE_INFINITY : now() - last.atMs;
    if (last !== undefined && ageMs >= 0 && ageMs < freshMs) return last.value;
    flight ??= fly();
    return flight;
  };
}
