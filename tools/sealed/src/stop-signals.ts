import { constants } from "node:os";

const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Why a command stops. Its name is that of every error by which something says that its `AbortSignal` was aborted. */
class StopRequest extends Error {
  override readonly name = "AbortError";
  /** 128 and the signal's number, as shells say it: 130 for Ctrl-C. */
  readonly exitCode: number;

  constructor(signal: (typeof STOP_SIGNALS)[number]) {
    super(`stopped by ${signal}`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** Returns a signal that is aborted by the first Ctrl-C, SIGTERM or SIGHUP. The next one ends this process at once. */
export function stopSignals(): AbortSignal {
  const stop = new AbortController();
  for (const name of STOP_SIGNALS) {
    process.on(name, () => {
      if (stop.signal.aborted) process.kill(process.pid, "SIGKILL");
      stop.abort(new StopRequest(name));
    });
  }
  return stop.signal;
}

/** Returns the exit code of a command that was stopped. */
export function exitCodeOfStop({ reason }: AbortSignal): number {
  return reason instanceof StopRequest ? reason.exitCode : new StopRequest("SIGINT").exitCode;
}
