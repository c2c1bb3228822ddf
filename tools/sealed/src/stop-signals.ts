const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Returns a signal that is aborted by the first Ctrl-C, SIGTERM or SIGHUP. The next one ends this process at once. */
export function stopSignals(): AbortSignal {
  const stop = new AbortController();
  const onSignal = () => {
    if (stop.signal.aborted) process.kill(process.pid, "SIGKILL");
    stop.abort();
  };
  for (const name of STOP_SIGNALS) process.on(name, onSignal);
  return stop.signal;
}
