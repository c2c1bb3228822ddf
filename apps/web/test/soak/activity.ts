/** A token of RDS lives for 900 s; here everything goes a hundred times as fast. */
export const TOKEN_LIFE_MS = 9_000;
/** The certificate is renewed at two thirds of this. */
export const CERTIFICATE_LIFE_MS = 15_000;

/** What came and went during a soak. */
export interface Activity {
  requests: number;
  tokens: number;
  certificates: number;
  logins: number;
}

/**
 * How often each must come at least. The load pauses at each look, and a busy machine is late: four fifths of what is
 * due. Of requests and logins there are many times as many on an idle machine.
 */
const LEAST_PER_MS: Readonly<Record<keyof Activity, number>> = {
  requests: 10 / 1_000,
  tokens: 0.8 / TOKEN_LIFE_MS,
  certificates: 0.8 / ((CERTIFICATE_LIFE_MS * 2) / 3),
  logins: 1 / 1_000,
};

/** Tells what came too seldom: where nothing comes and goes, everything stays flat. */
export function shortfalls(activity: Activity, forMs: number): string[] {
  return (Object.keys(LEAST_PER_MS) as (keyof Activity)[])
    .filter((what) => activity[what] < Math.floor(LEAST_PER_MS[what] * forMs))
    .map((what) => `${activity[what]} ${what}, expected at least ${Math.floor(LEAST_PER_MS[what] * forMs)}`);
}
