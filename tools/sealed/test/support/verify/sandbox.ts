import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "@sealed/servers";
import { REPOSITORY } from "../../../src/repository.ts";

const PROGRAM = join(REPOSITORY, "tools/sandbox/test/sandbox-process.ts");

/** What a running sandbox says of itself. */
export interface State {
  url: string;
  topology: string;
  caFile: string;
  instances: { name: string; url: string; pid: number }[];
  database: { adminSocket: string };
}

/** The whole path, as `npm start` brings it up: real load balancer, real app, real MySQL. */
export interface RunningSandbox extends AsyncDisposable {
  directory: string;
  state: State;
}

/** Starts `npm start` with a directory of its own, and returns once it is ready. */
export async function startSandbox(directory: string, ...options: string[]): Promise<RunningSandbox> {
  const args = [PROGRAM, directory, "own", "start", "--port", String(await freePort()), ...options];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  try {
    await untilReady(child);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
  return {
    directory,
    state: JSON.parse(readFileSync(join(directory, "state.json"), "utf8")) as State,
    async [Symbol.asyncDispose]() {
      const closed = once(child, "close");
      child.kill("SIGTERM");
      await closed;
    },
  };
}

async function untilReady(child: ChildProcess): Promise<void> {
  let output = "";
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        if (/^ready .*\n/m.test(output)) resolve();
      });
    }
    child.once("close", () => reject(new Error(`ended before it was ready:\n${output}`)));
  });
}
