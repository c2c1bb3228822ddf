import type { GuardedProcess, ProcessExit } from "@sealed/servers";
import type { DrainReport } from "@sealed/tls";
import type { InstanceContext } from "../../src/app-environment.ts";
import { startInstance } from "../../src/instances.ts";
import type { SandboxPaths } from "../../src/paths.ts";

/** What a drill may decide about one instance. */
export type InstanceSettings = Partial<Pick<InstanceContext, "certificate" | "settings">>;

/** How one process of an instance ended. */
export interface Ending extends ProcessExit {
  /** From the signal to the end of the process. */
  tookMs: number;
  /** What the app logged about its drain; undefined when it had none. */
  report: DrainReport | undefined;
}

/** One instance of the app on a fixed port: its process ends and is started again. */
export class DrilledInstance implements AsyncDisposable {
  readonly name: string;
  readonly port: number;
  readonly #start: () => GuardedProcess;
  #process: GuardedProcess;

  constructor(paths: SandboxPaths, context: InstanceContext) {
    this.name = context.name;
    this.port = context.port;
    this.#start = () => startInstance(paths, context);
    this.#process = this.#start();
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Sends a signal, waits for the end of the process however long it takes, and tells how it ended. */
  async end(signal: NodeJS.Signals): Promise<Ending> {
    const startedAtMs = performance.now();
    this.#process.kill(signal);
    const exit = await this.#process.exited;
    const report = lastLine(this.#process.output(), "drained")?.report as DrainReport | undefined;
    return { ...exit, tookMs: Math.round(performance.now() - startedAtMs), report };
  }

  /** Starts another process on the same port. */
  startAgain(): void {
    this.#process = this.#start();
  }

  /** Returns the last lines that the running process logged. */
  log(): string {
    return this.#process.output();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.stop({ signal: "SIGKILL", withinMs: 1_000 });
  }
}

function lastLine(log: string, message: string): Record<string, unknown> | undefined {
  const line = log.split("\n").findLast((text) => text.includes(`"msg":"${message}"`));
  return line === undefined ? undefined : JSON.parse(line);
}
