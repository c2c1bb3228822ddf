/**
 * Settles as `run` does, or rejects with `onTimeout()` after `limitMs`; what `run` was given is then aborted,
 * and what it still delivers is ignored.
 */
export async function withDeadline<T>(
  limitMs: number,
  run: (signal: AbortSignal) => Promise<T>,
  onTimeout: () => Error,
): Promise<T> {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const reason = onTimeout();
      reject(reason);
      abort.abort(reason);
    }, limitMs);
  });
  try {
    return await Promise.race([run(abort.signal), deadline]);
  } finally {
    clearTimeout(timer);
  }
}
