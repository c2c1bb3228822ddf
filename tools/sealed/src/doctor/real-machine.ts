import { execFile } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { portHolder, surveyMachine } from "@sealed/servers";
import type { Environment } from "../system.ts";
import type { Machine, PortState } from "./machine.ts";

const run = promisify(execFile);

/** Returns the machine as it is. */
export function realMachine(repository: string, environment: Environment): Machine {
  const sandbox = join(repository, ".sandbox");
  // npm puts the project's own programs first on the path; what is left is the machine's.
  const ownPath = (environment.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.includes("node_modules"))
    .join(delimiter);
  return {
    platform: process.platform,
    nodeVersion: process.versions.node,
    ownNodeVersion: () => version("node", ownPath),
    npmVersion: () => version("npm", ownPath),
    port: portState,
    runningPath: () => runningPath(sandbox),
    serverSupport: () => surveyMachine(),
    async hasUnpackedServers() {
      const entries = await readdir(join(sandbox, "packages")).catch(() => []);
      return entries.some((name) => name.startsWith("mysql-") || name.startsWith("mariadb-"));
    },
    async freeDiskBytes() {
      const { bavail, bsize } = await statfs(repository);
      return bavail * bsize;
    },
  };
}

/** Programs that are missing or do not start have no version. */
async function version(program: string, path: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(program, ["--version"], { env: { PATH: path } });
    return /\d+\.\d+\.\d+\S*/.exec(stdout)?.[0];
  } catch {
    return undefined;
  }
}

async function portState(port: number): Promise<PortState> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    server.close();
    await once(server, "close");
    return { isFree: true, holder: undefined };
  } catch {
    return { isFree: false, holder: await portHolder(port) };
  }
}

/** The supervisor writes the file when the path is up, and removes it at the end; a crash may leave it. */
async function runningPath(sandbox: string): Promise<string | undefined> {
  const text = await readFile(join(sandbox, "supervisor.json"), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const { pid, url } = JSON.parse(text) as { pid: number; url: string };
  const isAlive = await readFile(`/proc/${pid}/stat`, "utf8").then(
    () => true,
    () => false,
  );
  return isAlive ? url : undefined;
}
