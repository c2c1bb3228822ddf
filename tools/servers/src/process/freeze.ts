import { readdir, readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import type { GuardedProcess } from "./spawn-guarded.ts";

const LOOK_EVERY_MS = 5;

/**
 * Stops every thread of a process until SIGCONT, and resolves when they stand still or the process is gone.
 *
 * The signal is taken thread by thread: until the last one has, a server may still answer.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html for the states
 */
export async function freeze({ pid, kill }: Pick<GuardedProcess, "pid" | "kill">): Promise<void> {
  kill("SIGSTOP");
  while (!(await statesOf(pid)).every((state) => "TtZX".includes(state))) await wait(LOOK_EVERY_MS);
}

async function statesOf(pid: number): Promise<string[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(goneAs<string[]>([]));
  return await Promise.all(
    threads.map(async (thread) => {
      const stat = await readFile(`/proc/${pid}/task/${thread}/stat`, "utf8").catch(goneAs(") X"));
      // The name before it, in parentheses, may hold any character.
      return stat.charAt(stat.lastIndexOf(")") + 2);
    }),
  );
}

/** Returns what a thread or process that has just ended stands for; any other failure is one. */
function goneAs<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === "ENOENT" || error.code === "ESRCH") return value;
    throw error;
  };
}
