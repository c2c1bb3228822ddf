import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

/** The core of what is measured, and the core of everything that only serves the measurement. */
export type Core = "measured" | "helper";

/** How a part is started. */
export interface PartOptions {
  core: Core;
  /** Options of Node itself. */
  nodeOptions?: readonly string[];
  /** Receives what the part prints; absent: nowhere. */
  logFile?: string;
  /** Added to a small environment. */
  environment?: Record<string, string>;
}

/** A process of its own that takes part in a measurement; `Handlers` are the questions it answers. */
export interface Part<Handlers> extends AsyncDisposable {
  readonly pid: number;
  /** Asks the process, and returns its answer. */
  ask<Name extends keyof Handlers & string>(
    name: Name,
    request: Request<Handlers, Name>,
  ): Answer<Handlers, Name>;
}

type AnyHandler = (request: never) => unknown;
type Request<Handlers, Name extends keyof Handlers> = Handlers[Name] extends (request: infer R) => unknown
  ? R
  : never;
type Answer<Handlers, Name extends keyof Handlers> = Handlers[Name] extends AnyHandler
  ? Promise<Awaited<ReturnType<Handlers[Name]>>>
  : never;

interface Reply {
  id: number;
  result?: unknown;
  error?: string;
}

const STOP_WITHIN_MS = 3_000;

/** Starts a file of `parts/` as a process that dies with this one, on a core of its own where there are two. */
export async function startPart<Handlers>(file: string, options: PartOptions): Promise<Part<Handlers>> {
  const log = options.logFile === undefined ? "ignore" : openSync(options.logFile, "a", 0o600);
  const path = fileURLToPath(new URL(`parts/${file}`, import.meta.url));
  const child = fork(path, [], {
    execPath: "setpriv",
    execArgv: [
      "--pdeathsig=KILL",
      "--",
      ...pinning(options.core),
      process.execPath,
      ...(options.nodeOptions ?? []),
    ],
    env: { PATH: "/usr/local/bin:/usr/bin:/bin", AWS_EC2_METADATA_DISABLED: "true", ...options.environment },
    stdio: ["ignore", log, "inherit", "ipc"],
  });
  if (typeof log === "number") closeSync(log);
  const waiting = new Map<number, (reply: Reply) => void>();
  child.on("message", (reply: Reply) => waiting.get(reply.id)?.(reply));
  child.once("exit", (code, signal) => {
    for (const settle of waiting.values()) settle({ id: 0, error: `${file} ended with ${code ?? signal}` });
  });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  return partOf<Handlers>(child, waiting);
}

function partOf<Handlers>(child: ChildProcess, waiting: Map<number, (reply: Reply) => void>): Part<Handlers> {
  let lastId = 0;
  const ask = (name: string, request: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      waiting.set(id, ({ error, result }) => {
        waiting.delete(id);
        if (error === undefined) resolve(result);
        else reject(new Error(error));
      });
      child.send({ id, name, request }, (error) => error && reject(error));
    });
  return {
    pid: child.pid as number,
    ask: ask as Part<Handlers>["ask"],
    [Symbol.asyncDispose]: () => stop(child),
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const late = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
  child.kill("SIGTERM");
  await exited;
  clearTimeout(late);
}

/** Returns the words before a command that hold it to one core; none where there is only one core. */
export function pinning(core: Core): string[] {
  if (availableParallelism() < 2) return [];
  return ["taskset", "--cpu-list", core === "measured" ? "1" : "0"];
}

/** Holds a running process, with all its threads, to one core; does nothing where there is only one core. */
export function holdToCore(pid: number, core: Core): void {
  const [command, ...args] = pinning(core);
  if (command === undefined) return;
  const list = args.at(-1) as string;
  execFileSync(command, ["--all-tasks", "--cpu-list", "--pid", list, String(pid)], { stdio: "ignore" });
}
