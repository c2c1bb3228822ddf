const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 5 * 60_000;

/**
 * Returns how long to wait before the next attempt: doubling from 1 s up to 5 minutes, minus up to half of it
 * by chance, so that instances that failed together do not come back together.
 *
 * @param failures - Attempts that have failed in a row, from 1.
 * @param random - Returns a number from 0 up to 1.
 */
export function retryDelayMs(failures: number, random: () => number = Math.random): number {
  const fullMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1));
  return Math.round(fullMs * (1 - random() / 2));
}
