import type { Clock } from "../clock.ts";

/** Settles as `work` does, or rejects after `deadlineMs`; what it still delivers then is not waited for. */
export async function withDeadline<T>(work: () => Promise<T>, deadlineMs: number, clock: Clock): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const timer = clock.after(deadlineMs, () => reject(new Error(`no answer within ${deadlineMs} ms`)));
  try {
    work().then(resolve, reject);
    return await promise;
  } finally {
    timer.cancel();
  }
}
