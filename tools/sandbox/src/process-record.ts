import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { exclusively } from "@sealed/servers";
import { SandboxError } from "./errors.ts";

// Position of the start time behind the name of the program: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
const STATE_FIELD = 0;
const START_TIME_FIELD = 19;

/** Tells one process from all others, also from a later one with the same number. */
export interface ProcessIdentity {
  pid: number;
  /** Clock ticks between the machine's start and the process's. */
  startTicks: string;
}

/** The process that supervises a sandbox. */
export interface ProcessRecord extends ProcessIdentity {
  url: string;
}

/** Returns the identity of a process, or undefined when it is gone or only waits to be buried. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  const startTicks = fields?.[START_TIME_FIELD];
  if (startTicks === undefined || fields?.[STATE_FIELD] === "Z") return undefined;
  return { pid, startTicks };
}

/** Returns the supervising process that a record names while it lives; a record of a dead one counts as none. */
export async function readRecord(file: string): Promise<ProcessRecord | undefined> {
  const record = parse(await readFile(file, "utf8").catch(() => ""));
  if (record === undefined) return undefined;
  const now = await identify(record.pid);
  return now?.startTicks === record.startTicks ? record : undefined;
}

/**
 * Writes down that this process supervises the sandbox, and returns how to take that back.
 *
 * @throws SandboxError SANDBOX_ALREADY_RUNNING when another living process does.
 */
export async function claim(file: string, url: string): Promise<{ release(): Promise<void> }> {
  const identity = await identify(process.pid);
  if (identity === undefined) throw unsupportedSystem();
  const record = { ...identity, url } satisfies ProcessRecord;
  await alone(file, async () => {
    const other = await readRecord(file);
    if (other !== undefined) throw alreadyRunning(other);
    const draft = `${file}.new`;
    await writeFile(draft, JSON.stringify(record), { mode: 0o600 });
    await rename(draft, file);
  });
  return { release: () => rm(file, { force: true }) };
}

/** Removes the record of a process that is gone; one of a living process stays. */
export async function forgetDead(file: string): Promise<void> {
  if ((await readFile(file, "utf8").catch(goneAsUndefined)) === undefined) return;
  await alone(file, async () => {
    if ((await readRecord(file)) === undefined) await rm(file, { force: true });
  });
}

// Between the look at a dead record and its removal, another start could have put its own there.
function alone(file: string, work: () => Promise<void>): Promise<void> {
  return exclusively(`${file}.lock`, work);
}

function goneAsUndefined(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}

function parse(text: string): ProcessRecord | undefined {
  try {
    const value = JSON.parse(text) as Partial<ProcessRecord>;
    const { pid, startTicks, url } = value;
    if (pid === undefined || startTicks === undefined || url === undefined) return undefined;
    return { pid, startTicks, url };
  } catch {
    // Nothing there, or cut off by a full disk: the same as no record.
    return undefined;
  }
}

function unsupportedSystem(): SandboxError {
  return new SandboxError(
    "SANDBOX_UNSUPPORTED_SYSTEM",
    "the sandbox needs Linux with apt (Debian or Ubuntu), and this machine has no /proc; " +
      "open the repository in its devcontainer (.devcontainer/) instead",
  );
}

/** Returns the error for a second start in the same clone. */
export function alreadyRunning({ pid, url }: ProcessRecord): SandboxError {
  return new SandboxError(
    "SANDBOX_ALREADY_RUNNING",
    `already running in this clone: ${url} (pid ${pid}); end it with: npm run stop`,
  );
}
