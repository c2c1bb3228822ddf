import { WebError } from "../errors.ts";

/** A version that no note ever has: whoever names it is told of a conflict, never obeyed. */
const NO_VERSION = 0;

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
 * A tag that is none of ours, a weak one or a list is a version that no note has.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-if-match
 */
export function readPrecondition(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === "*") return undefined;
  return toVersion(/^"v(\d+)"$/.exec(ifMatch.trim())?.[1]);
}

/** Returns the version in a form; one that is missing or unsound is a version that no note has. */
export function readFormVersion(value: unknown): number {
  return toVersion(typeof value === "string" ? value : undefined);
}

/**
 * Returns the version that a change is for, from the `If-Match` header or from the body.
 *
 * @throws WebError 428 when neither names one: the change could overwrite what nobody has read.
 */
export function versionToChange(inHeader: number | undefined, inBody: number | undefined): number {
  const named = [...new Set([inHeader, inBody])].filter((version) => version !== undefined);
  const [version] = named;
  if (version === undefined) {
    const message = "Say which version you read: send its ETag as If-Match, or `version` in the body.";
    throw new WebError(428, "WEB_PRECONDITION_REQUIRED", message);
  }
  // Header and body disagree about what was read: the note cannot have both versions.
  return named.length === 1 ? version : NO_VERSION;
}

function toVersion(digits: string | undefined): number {
  const version = /^[1-9]\d{0,9}$/.test(digits ?? "") ? Number(digits) : NO_VERSION;
  return version <= MAX_VERSION ? version : NO_VERSION;
}
