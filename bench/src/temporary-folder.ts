import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What ends a run from outside: Ctrl-C, a service manager, a closed terminal. */
const ENDING_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** A server that is just ending may still write a file into what is removed. */
const RETRIES = 3;

/** A folder that is removed with what it holds. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

/** Makes a folder (mode 0700) that is removed when it is disposed of, and when a signal ends this process before. */
export async function openTemporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), "bench-"));
  const forget = () => {
    for (const name of ENDING_SIGNALS) process.off(name, onSignal);
  };
  const onSignal = (signal: NodeJS.Signals) => {
    forget();
    rmSync(path, { recursive: true, force: true, maxRetries: RETRIES });
    // Nobody listens now: the signal does what it always does.
    process.kill(process.pid, signal);
  };
  for (const name of ENDING_SIGNALS) process.on(name, onSignal);
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      forget();
      await rm(path, { recursive: true, force: true });
    },
  };
}
