/**
 * Strings, quoted names and comments of MySQL: https://dev.mysql.com/doc/refman/8.4/en/lexical-structure.html
 * What stands in a comment that begins with `!` or `M!` is run by the servers it is for, so that is no comment here.
 * A doubled quote is the end of one string and the beginning of the next, and one that nobody closes goes to the end:
 * so no string is read twice, or with a stack that grows with it.
 */
const TOKENS =
  /(?:'[^'\\]*(?:\\[\s\S]?[^'\\]*)*(?:'|$))+|(?:"[^"\\]*(?:\\[\s\S]?[^"\\]*)*(?:"|$))+|`[^`]*`|(?:--(?=\s|$)|#).*|\/\*(?!M?!)[\s\S]*?\*\//g;
const MOST_CHARACTERS = 400;

/** Returns a statement as it may be shown: without comments, with `?` in place of each string, on one line. */
export function withoutLiterals(statement: string): string {
  const text = statement.replaceAll(TOKENS, (token) => {
    if (token.startsWith("`")) return token;
    return token.startsWith("'") || token.startsWith('"') ? "?" : " ";
  });
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)} ...` : line;
}
