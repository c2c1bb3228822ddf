import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { readState, type SandboxState } from "../src/state.ts";

const PROGRAM = join(import.meta.dirname, "sandbox-process.ts");

/** The command, running as a process of its own. */
export interface RunningCommand {
  process: ChildProcess;
  exited: Promise<number | null>;
  output(): string;
  /** Returns the state once the last line is `ready ...`; rejects when the command ends before. */
  ready(): Promise<SandboxState>;
}

/** Runs the command with a sandbox in `directory`. */
export function runCommand(directory: string, ...args: string[]): RunningCommand {
  return follow(spawn(process.execPath, [PROGRAM, directory, "own", ...args]), directory);
}

/** Runs the command as npm does when a shell stands in between; the process is the shell's. */
export function runUnderShell(directory: string, ...args: string[]): RunningCommand {
  // The second command keeps the shell from becoming the first one.
  const line = '"$0" "$@"; exit $?';
  const command = [process.execPath, PROGRAM, directory, "with-parent", ...args];
  return follow(spawn("/bin/sh", ["-c", line, ...command]), directory);
}

function follow(child: ChildProcessWithoutNullStreams, directory: string): RunningCommand {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
  }
  const exited = once(child, "close").then(([code]) => code as number | null);
  let hasEnded = false;
  void exited.then(() => {
    hasEnded = true;
  });
  return {
    process: child,
    exited,
    output: () => output,
    async ready() {
      while (!/^ready .*\n$/m.test(output)) {
        if (hasEnded) throw new Error(`ended before it was ready:\n${output}`);
        await delay(20);
      }
      return await readState(join(directory, "state.json"));
    },
  };
}

/** Runs the command to its end. */
export async function runToEnd(
  directory: string,
  ...args: string[]
): Promise<{ code: number | null; output: string }> {
  const command = runCommand(directory, ...args);
  return { code: await command.exited, output: command.output() };
}

/** Returns the processes that have to do with a sandbox: its directory stands in their arguments or environment. */
export async function processesOf(directory: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const mentions = await Promise.all(
    pids.map(async (pid) => {
      const files = ["cmdline", "environ"].map((name) =>
        readFile(`/proc/${pid}/${name}`, "utf8").catch(() => ""),
      );
      return (await Promise.all(files)).some((content) => content.includes(directory));
    }),
  );
  return pids.filter((_, index) => mentions[index]);
}

/** Waits until no process and no port of a sandbox is left; the test's own timeout is the limit. */
export async function untilAllGone(directory: string, state: SandboxState): Promise<void> {
  while ((await processesOf(directory)).length > 0) await delay(20);
  const ports = [state.url, ...state.instances.map(({ url }) => url)].map((url) => Number(new URL(url).port));
  // A process that is being ended has no name left but may still have its sockets.
  for (const port of [...ports, state.database.port]) while (await isListening(port)) await delay(20);
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.unref().setTimeout(2_000, () => socket.destroy());
  });
}

/** One answer of the app. */
export interface Answer {
  status: number;
  body: string;
}

/** Sends one request to the public address and verifies its certificate against the private CA and nothing else. */
export async function ask(state: SandboxState, path: string, json?: unknown): Promise<Answer> {
  const call = request(`${state.url}${path}`, {
    ca: await readFile(state.caFile),
    family: 4,
    agent: false,
    ...(json === undefined ? {} : { method: "POST", headers: { "content-type": "application/json" } }),
  }).end(json === undefined ? undefined : JSON.stringify(json));
  const [response] = (await once(call, "response")) as [IncomingMessage];
  return { status: response.statusCode ?? 0, body: await text(response) };
}
