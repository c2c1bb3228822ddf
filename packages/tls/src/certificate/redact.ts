const PEM_TEXT = /-----BEGIN[\s\S]*?(?:-----END[^-]*-----|$)/g;

/** Returns the text with every PEM block, and every half of one, taken out. */
export function redactPem(text: string): string {
  return text.replace(PEM_TEXT, "[PEM removed]");
}
