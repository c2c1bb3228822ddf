import type { Writable } from "node:stream";
import type { Terminal } from "./reporter.ts";

/** Environment variables that say what a terminal can do; empty is as good as absent. */
export interface TerminalEnvironment {
  readonly NO_COLOR?: string | undefined;
  readonly TERM?: string | undefined;
  readonly CI?: string | undefined;
}

/** The part of a stream that says what is behind it. */
export interface MaybeTerminal extends Writable {
  isTTY?: boolean;
  columns?: number;
}

/** Returns how standard output wants to be written to. @see https://no-color.org */
export function terminalOf(output: MaybeTerminal, environment: TerminalEnvironment): Terminal {
  const { NO_COLOR = "", TERM = "", CI = "" } = environment;
  const isTerminal = output.isTTY === true;
  // A terminal that nobody gave a size has 0 columns: no line could be counted on it, and so none taken back.
  const hasSize = output.columns !== undefined && output.columns > 0;
  return {
    output,
    isInteractive: isTerminal && hasSize && TERM !== "dumb" && CI === "",
    hasColor: isTerminal && NO_COLOR === "",
  };
}

/** Lets the work go on and keep its exit code when nobody reads what it says any more, as behind `| head`. */
export function outliveReader(stream: Writable): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}
