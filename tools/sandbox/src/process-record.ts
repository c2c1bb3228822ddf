import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
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
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, JSON.stringify({ ...identity, url } satisfies ProcessRecord), { mode: 0o600 });
  try {
    while (!(await linkNew(draft, file))) {
      const other = await readRecord(file);
      if (other !== undefined) throw alreadyRunning(other);
      await rm(file, { force: true });
    }
  } finally {
    await rm(draft, { force: true });
  }
  return { release: () => rm(file, { force: true }) };
}

// A link is made whole or not at all, and never over another file.
async function linkNew(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
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
