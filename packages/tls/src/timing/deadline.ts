/**
 * Settles as `run` does, or rejects with `onTimeout()` after `limitMs`, or with the reason of `signal`; what
 * `run` was given is then aborted, and what it still delivers is ignored. With `signal` aborted it is not called.
 */
export async function withDeadline<T>(
  limitMs: number,
  run: (signal: AbortSignal) => Promise<T>,
  onTimeout: () => Error,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted();
  const ended = new AbortController();
  const { promise: endedEarly, reject } = Promise.withResolvers<never>();
  const end = (reason: unknown) => {
    reject(reason);
    ended.abort(reason);
  };
  const onAbort = () => end(signal?.reason);
  const timer = setTimeout(() => end(onTimeout()), limitMs);
  signal?.addEventListener("abort", onAbort);
  try {
    return await Promise.race([run(ended.signal), endedEarly]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}
