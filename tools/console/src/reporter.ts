import type { Writable } from "node:stream";

/** Says what a step is doing right now. */
export type Progress = (message: string) => void;

/** Tells a person what is going on. */
export interface Reporter {
  /** Writes one line, or several parted by line feeds. */
  line(text: string): void;
  /** Runs some work and shows its title while it runs, and the seconds when it is done; may run side by side. */
  step<T>(title: string, work: (progress: Progress) => Promise<T>): Promise<T>;
}

/** How a terminal wants to be written to. */
export interface Terminal {
  output: Writable;
  isInteractive: boolean;
  hasColor: boolean;
}

/** What a reporter leaves out. */
export interface ReporterOptions {
  /** Whether progress within a step is a line of its own where there is no terminal. @default true */
  progressLines?: boolean;
}

/** Returns a reporter with a spinner on a terminal, and with plain lines anywhere else. */
export async function createReporter(
  terminal: Terminal,
  { progressLines = true }: ReporterOptions = {},
): Promise<Reporter> {
  return terminal.isInteractive
    ? await spinnerReporter(terminal)
    : plainReporter(terminal.output, progressLines);
}

function plainReporter(output: Writable, progressLines: boolean): Reporter {
  const line = (text: string) => void output.write(`${text}\n`);
  return {
    line,
    step: (title, work) =>
      timed(work, {
        onProgress: (message) => {
          if (progressLines) line(`  ${title}: ${message}`);
        },
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
  const running = new Map<string, string>();
  const show = () => {
    const texts = [...running].map(([title, message]) => (message === "" ? title : `${title}: ${message}`));
    if (running.size > 0) spinner.start(texts.join(", "));
  };
  const persist = (symbol: string, text: string) => {
    spinner.stopAndPersist({ symbol, text });
    show();
  };
  return {
    line(text) {
      // Otherwise it would write control characters before a line that programs wait for.
      if (spinner.isSpinning) spinner.stop();
      output.write(`${text}\n`);
      show();
    },
    step(title, work) {
      running.set(title, "");
      show();
      const end = (symbol: string, text: string) => {
        running.delete(title);
        persist(symbol, text);
      };
      return timed(work, {
        onProgress(message) {
          running.set(title, message);
          show();
        },
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
