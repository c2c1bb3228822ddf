/** Where a script may come from: this origin, or named one by one in the page's own headers. */
const SOUND_SOURCE = /^'(?:self|none|strict-dynamic|report-sample|nonce-[^']+|sha(?:256|384|512)-[^']+)'$/i;
/** Nowhere, not for styles either. */
const UNSOUND = /'unsafe-inline'|'unsafe-eval'|\*/i;

/**
 * Tells whether a Content-Security-Policy keeps out every script that stands in a page or comes from another site.
 *
 * @see https://www.w3.org/TR/CSP3/#directive-script-src
 */
export function isSoundPolicy(value: string): boolean {
  // Of several policies browsers keep to all: one that is sound is enough.
  return value.split(",").some(isSound);
}

function isSound(value: string): boolean {
  if (UNSOUND.test(value)) return false;
  const directives = new Map<string, string[]>();
  for (const directive of value.split(";")) {
    const [name = "", ...sources] = directive.trim().split(/\s+/);
    // The first of a name counts, as it does for browsers.
    if (!directives.has(name.toLowerCase())) directives.set(name.toLowerCase(), sources);
  }
  const general = directives.get("script-src") ?? directives.get("default-src");
  const elements = directives.get("script-src-elem") ?? [];
  return general !== undefined && [...general, ...elements].every((source) => SOUND_SOURCE.test(source));
}
