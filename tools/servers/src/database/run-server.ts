import { writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { ServersError } from "../errors.ts";
import { lastLines } from "../packages/command.ts";
import type { Programs } from "../packages/index.ts";
import { type GuardedProcess, portHolder, spawnGuarded } from "../process/index.ts";
import { administrator, initStatements, queryAsAdministrator } from "./admin.ts";
import type { DatabaseFolder } from "./folder.ts";
import { type RunningOptions, serverArguments } from "./server-arguments.ts";

const READY_WITHIN_MS = 60_000;
const POLL_MS = 20;
const LOG_LINES = 12;
// Both servers: "Can't start server: Bind on TCP/IP port: Address already in use".
const PORT_TAKEN = /Bind on TCP\/IP port|Address already in use/;
// What the socket says before the server listens on it, and when the server gives up; then its log tells why.
const NOT_YET = ["ENOENT", "ECONNREFUSED", "ECONNRESET", "EPIPE", "PROTOCOL_CONNECTION_LOST"];

// A server that cannot load a plugin starts without it.
const STATE = `SELECT VERSION() AS version, COUNT(*) AS plugins FROM information_schema.plugins
  WHERE plugin_name = 'AWSAuthenticationPlugin' AND plugin_status = 'ACTIVE'`;

interface ServerState {
  version: string;
  plugins: number;
}

/** A server process that takes connections. */
export interface RunningServer {
  process: GuardedProcess;
  version: string;
}

/**
 * Starts the server program and returns when it takes connections.
 *
 * @throws ServersError SERVERS_PORT_TAKEN with the holder where it can be known; SERVERS_DATABASE_START_FAILED with
 * the last lines of the server's log.
 */
export async function runServer(
  programs: Programs,
  folder: DatabaseFolder,
  running: RunningOptions,
  logFile: string | undefined,
): Promise<RunningServer> {
  await writeFile(folder.initFile, initStatements(programs.server, administrator()), { mode: 0o600 });
  const process = spawnGuarded(programs.mysqld, serverArguments(programs, folder, running), {
    name: programs.server,
    cwd: folder.root,
    env: {
      PATH: "/usr/local/bin:/usr/bin:/bin",
      LANG: "C.UTF-8",
      AWS_AUTHENTICATION_PLUGIN_KEYRING: folder.keyringFile,
    },
    ...(logFile === undefined ? {} : { logFile }),
  });
  const waiting = new AbortController();
  try {
    const { version, plugins } = await Promise.race([
      answer(folder.socket, waiting.signal),
      endedEarly(process, programs, running.port),
    ]);
    if (plugins > 0) return { process, version };
    throw startFailed("it could not load its plugin", process);
  } catch (error) {
    await process.stop({ signal: "SIGKILL", withinMs: 0 });
    throw error;
  } finally {
    waiting.abort();
  }
}

/** Waits until the administrator's first statement is answered; the server then listens everywhere. */
async function answer(socket: string, signal: AbortSignal): Promise<ServerState> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!signal.aborted && Date.now() < deadline) {
    try {
      const [row] = await queryAsAdministrator<ServerState>(socket, STATE);
      if (row !== undefined) return row;
    } catch (error) {
      if (!NOT_YET.includes((error as NodeJS.ErrnoException).code ?? "")) {
        throw new ServersError(
          "SERVERS_DATABASE_START_FAILED",
          "the database server refuses its administrator",
          { cause: error },
        );
      }
      await delay(POLL_MS);
    }
  }
  throw new ServersError(
    "SERVERS_DATABASE_START_FAILED",
    `the database server did not answer within ${READY_WITHIN_MS / 1_000} seconds`,
  );
}

async function endedEarly(process: GuardedProcess, programs: Programs, port: number): Promise<never> {
  const { code, signal } = await process.exited;
  if (PORT_TAKEN.test(process.output())) {
    const holder = await portHolder(port);
    throw new ServersError(
      "SERVERS_PORT_TAKEN",
      `port ${port} is taken${holder === undefined ? "" : ` by ${holder}`}; give the database another port`,
    );
  }
  throw startFailed(`version ${programs.serverVersion} ended with ${code ?? signal}`, process);
}

function startFailed(what: string, process: GuardedProcess): ServersError {
  const output = process.output();
  const errors = output.split("\n").filter((line) => line.includes("[ERROR]"));
  const log = lastLines(errors.length > 0 ? errors.join("\n") : output, LOG_LINES);
  return new ServersError(
    "SERVERS_DATABASE_START_FAILED",
    `${process.name} did not start, ${what}; its log says: ${log}`,
  );
}
