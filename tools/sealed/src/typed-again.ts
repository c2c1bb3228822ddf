import { shellWord } from "./shell-word.ts";

/**
 * Returns a command as it can be typed again.
 *
 * A command that is to be repeated is told with all of its options: one that was left out, as `--keep` or `--profile`,
 * would make another command of it.
 */
export function typedAgain(args: readonly string[]): string {
  return ["npx sealed", ...args.map(shellWord)].join(" ");
}
