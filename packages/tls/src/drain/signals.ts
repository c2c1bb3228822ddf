import type { DrainOptions, DrainReport } from "./drain-http-server.ts";

/** Says what a signal does. */
export interface SignalOptions extends DrainOptions {
  /** Signals that ask for a stop. @default SIGTERM and SIGINT */
  readonly signals?: readonly NodeJS.Signals[];
  /** Called once after the drain: close what is left, so that the process ends by itself. */
  readonly onStopped: (report: DrainReport) => void;
  /** Called when a second signal arrives or the drain fails: end the process now. */
  readonly onHardStop: (reason: Error) => void;
  /** Where the signals come from. @default the process */
  readonly emitter?: Pick<NodeJS.EventEmitter, "on" | "off">;
}

/**
 * Drains the server once at the first signal and calls for a hard stop at the second; it ends no process itself.
 * Install it before `listen`: a server that does not listen yet is drained at once and does not begin to.
 *
 * @returns A disposable that takes the handlers away again.
 */
export function installSignals(
  server: { drain(options: DrainOptions): Promise<DrainReport> },
  options: SignalOptions,
): Disposable {
  const { signals = ["SIGTERM", "SIGINT"], emitter = process, onStopped, onHardStop } = options;
  let isStopping = false;
  const handle = (signal: NodeJS.Signals) => {
    if (isStopping) {
      onHardStop(new Error(`${signal} while the drain was under way`));
      return;
    }
    isStopping = true;
    server.drain(options).then(onStopped).catch(onHardStop);
  };
  for (const signal of signals) emitter.on(signal, handle);
  return {
    [Symbol.dispose]() {
      for (const signal of signals) emitter.off(signal, handle);
    },
  };
}
