import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { get as getHttp } from "node:http";
import { get as getHttps } from "node:https";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));

/** Settings of an app that starts without a load balancer, on a free port, with a database that is not there. */
export const SETTINGS = {
  TOPOLOGY: "single-instance",
  PUBLIC_HOSTS: "localhost",
  LISTEN_ADDRESS: "127.0.0.1",
  HTTPS_PORT: "0",
  DRAIN_SECONDS: "0",
  DB_HOST: "localhost",
  // The discard port: nothing listens there.
  DB_PORT: "9",
  DB_NAME: "notes",
  DB_USER: "app",
  AWS_REGION: "eu-west-1",
  AWS_ACCESS_KEY_ID: "made-up",
  AWS_SECRET_ACCESS_KEY: "made-up",
  AWS_EC2_METADATA_DISABLED: "true",
};

/** One line of the app's log. */
export type LogLine = Record<string, unknown> & { msg: string };

/** A running `main.ts`. */
export interface AppProcess extends AsyncDisposable {
  child: ChildProcess;
  /** Resolves with the first log line that has this message. */
  line(message: string): Promise<LogLine>;
  /** Every line logged so far. */
  lines: LogLine[];
  /** Resolves when the process has ended, with how, and with its standard error. */
  ended: Promise<{ code: number | null; signal: string | null; stderr: string }>;
}

/** Starts `main.ts` with exactly these environment variables, and `node` with these further arguments. */
export function startApp(environment: Record<string, string>, nodeArguments: string[] = []): AppProcess {
  const child = spawn(process.execPath, [...nodeArguments, MAIN], {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: LogLine[] = [];
  const waiting: { message: string; resolve: (line: LogLine) => void; reject: (error: Error) => void }[] = [];
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop() ?? "";
    for (const line of parts.map((part) => JSON.parse(part) as LogLine)) {
      lines.push(line);
      for (const waiter of waiting) if (waiter.message === line.msg) waiter.resolve(line);
    }
  });
  const ended = Promise.all([once(child, "close"), text(child.stderr)]).then(([[code, signal], stderr]) => {
    for (const { message, reject } of waiting)
      reject(new Error(`the app ended without "${message}": ${stderr}`));
    return { code, signal, stderr };
  });
  return {
    child,
    lines,
    ended,
    line(message) {
      const known = lines.find((line) => line.msg === message);
      if (known !== undefined) return Promise.resolve(known);
      return new Promise((resolve, reject) => waiting.push({ message, resolve, reject }));
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Returns status and body of a GET; the certificate is not looked at, and the connection not kept. */
export async function get(port: number, path: string, scheme: "http" | "https" = "https") {
  const options = { host: "127.0.0.1", port, path, agent: false as const, headers: { host: "localhost" } };
  const request = scheme === "http" ? getHttp(options) : getHttps({ ...options, rejectUnauthorized: false });
  const [response] = await once(request, "response");
  return { status: response.statusCode as number, body: await text(response) };
}
