import { setTimeout } from "node:timers/promises";
import type { ClientSettings } from "./aws/connect.ts";
import { type CredentialsEnd, endOf } from "./aws/credentials-end.ts";
import type { Machine } from "./doctor/machine.ts";
import { REPOSITORY } from "./repository.ts";
import { runNode } from "./run-node.ts";

/** A service that takes longer to say the time has no use for the comparison. */
const ANSWER_MS = 10_000;

/** Environment variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One Node program to run. */
export interface ChildProgram {
  /** Absolute path. */
  file: string;
  args: readonly string[];
  environment: Environment;
  /** Gets each line of both of its streams. */
  onLine?: (line: string) => void;
  /** Ends the program when aborted. */
  signal: AbortSignal;
  /** Time to end by itself after SIGTERM. Default: 5 seconds. */
  graceMs?: number;
}

/** How a program ended. */
export interface ChildResult {
  /** `null` when a signal ended it. */
  exitCode: number | null;
  /** What it wrote to standard output. */
  output: string;
  /** The last lines of both of its streams. */
  tail: readonly string[];
}

/** What commands use of the machine besides the AWS clients. */
export interface System {
  runNode(program: ChildProgram): Promise<ChildResult>;
  /** Waits so many milliseconds, or until the signal is aborted. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
  /** Returns the text behind an address. */
  download(url: string): Promise<string>;
  now(): Date;
  /** Returns what the service behind an address takes for the time; `undefined`: it does not say. */
  serverDate(url: string): Promise<Date | undefined>;
  /** Returns what an app answers, whoever signed its certificate: nothing may be concluded from it. */
  askApp(url: URL, signal: AbortSignal): Promise<{ status: number; body: string }>;
  /** Returns when the credentials that the SDK finds come to an end. */
  credentialsEnd(settings: ClientSettings): Promise<CredentialsEnd>;
  /** Returns the machine, to be looked at. */
  machine(environment: Environment): Promise<Machine>;
}

/** Returns the machine as it is. */
export function realSystem(): System {
  return {
    runNode,
    pause: (ms, signal) =>
      setTimeout(ms, undefined, { signal }).catch(() => {
        // Aborted: the wait is over, which is what the caller wants to know.
      }),
    async download(url) {
      const answer = await fetch(url);
      // The address holds a signature: it stays out of the message.
      if (!answer.ok) throw new Error(`the log could not be downloaded: HTTP status ${answer.status}`);
      return await answer.text();
    },
    now: () => new Date(),
    async serverDate(url) {
      // Any answer has the time, a refusal too.
      const options = { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(ANSWER_MS) } as const;
      const answer = await fetch(url, options).catch((error: Error) => {
        // What went wrong is in the cause; fetch itself says no more than that it failed.
        throw error.cause ?? error;
      });
      const date = answer.headers.get("date");
      return date === null ? undefined : new Date(date);
    },
    async askApp(url, signal) {
      const { fetchOnce } = await import("./verify/outside/fetch-once.ts");
      return await fetchOnce({ at: url, path: url.pathname, signal });
    },
    async credentialsEnd(settings) {
      const { STSClient } = await import("@aws-sdk/client-sts");
      return endOf(await new STSClient(settings).config.credentials());
    },
    async machine(environment) {
      const { realMachine } = await import("./doctor/real-machine.ts");
      return realMachine(REPOSITORY, environment);
    },
  };
}
