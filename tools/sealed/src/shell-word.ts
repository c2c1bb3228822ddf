/** Characters that no shell reads as anything but themselves. */
const PLAIN = /^[\w./:=@,+-]+$/;

/** Returns a word as a shell takes it: in quotes where it holds anything that a shell would read otherwise. */
export function shellWord(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
