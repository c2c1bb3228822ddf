import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { ChildProgram, ChildResult } from "./system.ts";

const TAIL_LINES = 200;
const GRACE_MS = 5_000;

/** Runs a Node program to its end. It writes nowhere by itself: what it says is handed over. */
export async function runNode(program: ChildProgram): Promise<ChildResult> {
  const { file, args, environment, signal, graceMs = GRACE_MS } = program;
  signal.throwIfAborted();
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: string[] = [];
  const tail: string[] = [];
  const take = (line: string) => {
    tail.push(line);
    if (tail.length > TAIL_LINES) tail.shift();
    program.onLine?.(line);
  };
  const read = (stream: Readable, onLine: (line: string) => void) =>
    createInterface({ input: stream }).on("line", onLine);
  read(child.stderr, take);
  read(child.stdout, (line) => {
    output.push(line);
    take(line);
  });

  let hardStop: NodeJS.Timeout | undefined;
  const stop = () => {
    child.kill("SIGTERM");
    hardStop = setTimeout(() => child.kill("SIGKILL"), graceMs);
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    return { exitCode, output: output.join("\n"), tail };
  } finally {
    clearTimeout(hardStop);
    signal.removeEventListener("abort", stop);
  }
}
