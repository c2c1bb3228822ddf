/** One safeguard of the shipped code, and what takes it out. */
export interface Guard {
  /** The safeguard as a sentence: what it prevents. */
  readonly name: string;
  /** File that holds it, from the top level. */
  readonly file: string;
  /** Its text; must be in the file exactly once. */
  readonly find: string;
  /** Text that takes its place: the code without the safeguard. */
  readonly replace: string;
  /** Test files of which at least one must turn red without it. */
  readonly tests: readonly string[];
}

/**
 * Returns the source without the guard.
 *
 * @throws Error when the text of the guard is not there exactly once: it was changed or moved, and the list of
 *   guards must follow, or it would test nothing.
 */
export function withoutGuard(source: string, guard: Guard): string {
  const parts = source.split(guard.find);
  if (parts.length !== 2) {
    throw new Error(
      `the guard "${guard.name}" is ${parts.length - 1} times in ${guard.file}, expected once: follow the change in test/guards`,
    );
  }
  return parts.join(guard.replace);
}
