/** Characters that no shell reads as anything but themselves. */
const PLAIN = /^[\w./:=@,+-]+$/;

/**
 * Returns a command as a shell takes it.
 *
 * A command that is to be repeated is told with all of its options: one that was left out, as `--keep` or `--profile`,
 * would make another command of it.
 */
export function typedAgain(args: readonly string[]): string {
  const words = args.map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`));
  return ["npx sealed", ...words].join(" ");
}
