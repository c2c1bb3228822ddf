import type { Writable } from "node:stream";

/** Says what a step is doing right now. */
export type Progress = (message: string) => void;

/** Tells a person what is going on. */
export interface Reporter {
  /** Writes one line, or several parted by line feeds. */
  line(text: string): void;
  /** Runs some work and shows its title while it runs, and the seconds when it is done. */
  step<T>(title: string, work: (progress: Progress) => Promise<T>): Promise<T>;
}

/** How a terminal wants to be written to. */
export interface Terminal {
  output: Writable;
  isInteractive: boolean;
  hasColor: boolean;
}

/** Returns a reporter with a spinner on a terminal, and with plain lines anywhere else. */
export async function createReporter(terminal: Terminal): Promise<Reporter> {
  return terminal.isInteractive ? await spinnerReporter(terminal) : plainReporter(terminal.output);
}

function plainReporter(output: Writable): Reporter {
  const line = (text: string) => void output.write(`${text}\n`);
  return {
    line,
    step: (title, work) =>
      timed(work, {
        // What is only passing by would fill a log; lines of its own tell what came of it.
        onProgress: () => undefined,
        onDone: (seconds) => line(`  ${title}  ${seconds} s`),
        onFailed: () => line(`  ${title}  failed`),
      }),
  };
}

async function spinnerReporter({ output, hasColor }: Terminal): Promise<Reporter> {
  const { default: ora } = await import("ora");
  const spinner = ora({
    stream: output as NodeJS.WritableStream,
    color: hasColor ? "cyan" : false,
    isEnabled: true,
    // Ctrl-C must stay a signal.
    discardStdin: false,
  });
  let running: string | undefined;
  return {
    line(text) {
      spinner.stop();
      output.write(`${text}\n`);
      if (running !== undefined) spinner.start(running);
    },
    step(title, work) {
      const show = (text: string) => {
        running = text;
        spinner.start(text);
      };
      const end = (symbol: string, text: string) => {
        running = undefined;
        spinner.stopAndPersist({ symbol, text });
      };
      show(title);
      return timed(work, {
        onProgress: (message) => show(`${title}: ${message}`),
        onDone: (seconds) => end("✔", `${title}  ${seconds} s`),
        onFailed: () => end("✖", title),
      });
    },
  };
}

interface StepEvents {
  onProgress: Progress;
  onDone(seconds: string): void;
  onFailed(): void;
}

async function timed<T>(work: (progress: Progress) => Promise<T>, events: StepEvents): Promise<T> {
  const startMs = performance.now();
  try {
    const result = await work(events.onProgress);
    events.onDone(((performance.now() - startMs) / 1_000).toFixed(1));
    return result;
  } catch (error) {
    events.onFailed();
    throw error;
  }
}
