import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { ServersError } from "../errors.ts";

const ERROR_LINES = 8;

/** Settings of one command. */
export interface CommandOptions {
  cwd?: string;
  /** Receives each line of standard output while the command runs. */
  onLine?: (line: string) => void;
  /** Written to the command's standard input. */
  input?: string;
  signal?: AbortSignal;
}

/** How a command ended and what it wrote. */
export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a short-lived command to its end, with this process's environment, and returns what it wrote.
 * It dies with this process: what is left of its work is then known to be unfinished.
 *
 * @throws AbortError when `signal` fires.
 */
export async function tryCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const child = spawn("setpriv", ["--pdeathsig=KILL", "--", command, ...args], {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    stdio: "pipe",
    // A session of its own: Ctrl-C on the terminal must not make the command look as if it had failed by itself.
    detached: true,
  });
  const ended = once(child, "close") as Promise<[number | null]>;
  // A command that ends before it has read its input is judged by its exit code.
  child.stdin.on("error", () => undefined).end(options.input ?? "");
  if (options.onLine !== undefined) createInterface(child.stdout).on("line", options.onLine);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}

/**
 * Runs a command that must succeed and returns its standard output.
 *
 * @throws ServersError SERVERS_COMMAND_FAILED with the command's last lines when it ends with another code than 0.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const result = await tryCommand(command, args, options);
  if (result.code === 0) return result.stdout;
  const said = lastLines(result.stderr === "" ? result.stdout : result.stderr, ERROR_LINES);
  throw new ServersError(
    "SERVERS_COMMAND_FAILED",
    `"${command} ${args[0] ?? ""}" ended with ${result.code ?? "a signal"}: ${said}`,
  );
}

/** Returns the last lines of a text that are not empty. */
export function lastLines(output: string, count: number): string {
  return output
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-count)
    .join("\n");
}
