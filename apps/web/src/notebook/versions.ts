/** Greatest version that the database's column holds. */
const MAX_VERSION = 4_294_967_295;

/** Returns the entity tag of a note's version. */
export function etagOf(version: number): string {
  return `"v${version}"`;
}

/**
 * Returns the version that an `If-Match` header asks for, or `undefined` when the header sets no
 * condition on the version: it is absent, or `*`, which any version fulfils.
 *
 * A tag that is none of ours, a weak one or a list gives 0, a version that no note ever has.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-if-match
 */
export function readPrecondition(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === "*") return undefined;
  const version = Number(/^"v([1-9]\d{0,9})"$/.exec(ifMatch.trim())?.[1] ?? 0);
  return version <= MAX_VERSION ? version : 0;
}
