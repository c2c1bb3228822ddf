const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
// On Ctrl-C the terminal signals this process and npm, and npm passes its own on: that is one wish, not two.
const SAME_WISH_MS = 1_000;
const PARENT_POLL_MS = 250;

/**
 * Returns a signal that is aborted by the first Ctrl-C, SIGTERM or SIGHUP. A second one, a second later or more,
 * ends this process at once, and the kernel ends its children with it.
 *
 * @param options.withParent - Stop too when the process that started this one is gone, as after a SIGKILL of npm.
 */
export function stopSignals(options: { withParent: boolean }): AbortSignal {
  const stop = new AbortController();
  let firstMs: number | undefined;
  for (const name of STOP_SIGNALS) {
    process.on(name, () => {
      firstMs ??= performance.now();
      if (performance.now() - firstMs > SAME_WISH_MS) process.kill(process.pid, "SIGKILL");
      stop.abort();
    });
  }
  // Nobody reads any more: the terminal or the pipe is gone.
  process.stdout.on("error", () => stop.abort());
  if (options.withParent) stopWithParent(stop);
  return stop.signal;
}

function stopWithParent(stop: AbortController): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop.abort();
  }, PARENT_POLL_MS);
  timer.unref();
}
