const LOOK_EVERY_MS = 20;

/** Resolves when `isTrue` says so. It never gives up: the test's own timeout is the limit. */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
}
