import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { ServersError } from "../errors.ts";
import { fileTail, memoryTail } from "./output-tail.ts";

/** A program with the arguments that must stand before its own (a loader and its library path, for instance). */
export interface Program {
  command: string;
  args: readonly string[];
}

/** How a process ended: its exit code, or the signal that ended it. */
export interface ProcessExit {
  code: number | null;
  signal: string | null;
}

/** Settings of one guarded process. */
export interface GuardOptions {
  /** What messages call it: "mysqld", "load balancer". */
  name: string;
  cwd?: string;
  /** The whole environment; without it the child gets a small one of its own, not the parent's. */
  env?: Record<string, string>;
  stdout?: "pipe" | "ignore";
  /** Both streams are appended to this file (mode 0600) instead of being kept in memory. */
  logFile?: string;
  /** The signal that the kernel sends when this process dies in any way. Default "KILL". */
  onDeath?: "TERM" | "KILL";
  /** Runs the program under another identity; only root can ask for it. */
  identity?: { uid: number; gid: number };
}

/** A running child that cannot outlive this process. */
export interface GuardedProcess extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  readonly exited: Promise<ProcessExit>;
  /** Returns the last 64 KiB of what it wrote. */
  output(): string;
  kill(signal?: NodeJS.Signals): void;
  /** Sends `signal` (default SIGTERM), then SIGKILL when it is still there after `withinMs`. */
  stop(options: { signal?: NodeJS.Signals; withinMs: number }): Promise<void>;
}

// The shell compares its parent with ours after the death signal is set: a parent that died in between is noticed.
const LAUNCH = 'if [ "$PPID" != "$0" ]; then exit 1; fi; exec "$@"';
const MINIMAL_ENVIRONMENT = { PATH: "/usr/local/bin:/usr/bin:/bin", LANG: "C.UTF-8" };
const DISPOSE_WITHIN_MS = 5_000;

/**
 * Starts a program that dies with this process, even when this process is ended by SIGKILL.
 *
 * The child gets a session of its own, so that Ctrl-C on the terminal reaches only the parent, which then stops
 * its parts in order. A program that changes its own user loses the guard; use `identity` instead.
 *
 * @throws ServersError SERVERS_UNSUPPORTED_SYSTEM without `setpriv` (util-linux, on every Debian).
 * @see https://man7.org/linux/man-pages/man2/pr_set_pdeathsig.2const.html
 */
export function spawnGuarded(
  program: Program,
  args: readonly string[],
  options: GuardOptions,
): GuardedProcess {
  const logFd = options.logFile === undefined ? undefined : openSync(options.logFile, "a", 0o600);
  const stream = logFd ?? "pipe";
  // Before the start: what the child writes at once belongs to this run too.
  const logTail = options.logFile === undefined ? undefined : fileTail(options.logFile);
  const child = spawn("setpriv", launchArguments(program, args, options), {
    cwd: options.cwd,
    env: options.env ?? MINIMAL_ENVIRONMENT,
    detached: true,
    stdio: ["ignore", options.stdout === "ignore" ? "ignore" : stream, stream],
  });
  if (logFd !== undefined) closeSync(logFd);
  if (child.pid === undefined) {
    // The "error" event follows; the exception below already tells.
    child.once("error", () => undefined);
    throw new ServersError(
      "SERVERS_UNSUPPORTED_SYSTEM",
      `cannot start ${options.name}: "setpriv" (package util-linux) was not found; use Linux or the devcontainer`,
    );
  }
  return guard(child, child.pid, options.name, logTail ?? memoryTail([child.stdout, child.stderr]));
}

function launchArguments(program: Program, args: readonly string[], options: GuardOptions): string[] {
  const { identity } = options;
  const identityFlags =
    identity === undefined ? [] : [`--reuid=${identity.uid}`, `--regid=${identity.gid}`, "--clear-groups"];
  const launcher = ["/bin/sh", "-c", LAUNCH, String(process.pid)];
  return [
    ...identityFlags,
    `--pdeathsig=${options.onDeath ?? "KILL"}`,
    "--",
    ...launcher,
    program.command,
    ...program.args,
    ...args,
  ];
}

function guard(child: ChildProcess, pid: number, name: string, output: () => string): GuardedProcess {
  // "close" and not "exit": by then all that it wrote has been read.
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  const stop: GuardedProcess["stop"] = async ({ signal = "SIGTERM", withinMs }) => {
    child.kill(signal);
    const late = new AbortController();
    const deadline = delay(withinMs, "late" as const, { signal: late.signal }).catch(() => "gone" as const);
    if ((await Promise.race([exited, deadline])) === "late") child.kill("SIGKILL");
    late.abort();
    await exited;
  };
  return {
    name,
    pid,
    exited,
    output,
    kill: (signal = "SIGTERM") => void child.kill(signal),
    stop,
    [Symbol.asyncDispose]: () => stop({ withinMs: DISPOSE_WITHIN_MS }),
  };
}
