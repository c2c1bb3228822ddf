/** Longest path that a log line keeps; Node itself allows about 16,000 characters. */
const MAX_LOGGED_CHARACTERS = 512;

/** Returns the path of a request target without its query, whose values may be anybody's secret. */
export function pathOf(target: string): string {
  const end = target.search(/[?#]/);
  return (end === -1 ? target : target.slice(0, end)).slice(0, MAX_LOGGED_CHARACTERS);
}
