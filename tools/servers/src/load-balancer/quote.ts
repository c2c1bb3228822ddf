/**
 * Returns a path as one word of an HAProxy configuration, whatever stands in it.
 *
 * @see https://docs.haproxy.org/3.2/configuration.html#2.2 strong quoting
 */
export function quoted(path: string): string {
  return `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * Returns a path as one word of a command on HAProxy's stats socket.
 *
 * @see https://docs.haproxy.org/3.2/management.html#9.3
 */
export function escaped(path: string): string {
  return path.replaceAll(/[\\ ;]/g, String.raw`\$&`);
}
