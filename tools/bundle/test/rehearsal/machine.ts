import { access, chmod, mkdtemp, readFile, readlink, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type GuardedProcess, type ProcessExit, spawnGuarded } from "@sealed/servers";
import { makeFileSystem } from "./file-system.ts";

/** How a command runs inside of the machine. */
export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
}

/** How a command ended, with all that it wrote. */
export interface CommandResult extends ProcessExit {
  output: string;
}

/** Settings of `startMachine`. */
export interface MachineOptions {
  /** Folders of this machine that are to be seen at the same path, to be read only. */
  mounts: readonly string[];
  /** Where programs are found, before those of the system. */
  path: readonly string[];
}

const POLL_MS = 20;
const STARTUP_MS = 20_000;
const FIRST_USERS = 65_536;

/**
 * Runs as root of the new namespaces; mounts the programs and becomes process 1 of the machine, which the kernel ends
 * with its parent, and with it all others. The signal is asked for last: whoever gains rights loses it.
 */
const BOOT = `
set -e
# Until the ids are mapped, from outside, nobody here is root.
until read -r _ < /proc/self/uid_map; do sleep 0.02; done
root=$1; shift
ip link set lo up
for folder in /usr "$@"; do
  mkdir -p "$root$folder"
  mount --bind "$folder" "$root$folder"
  mount -o remount,bind,ro "$root$folder"
done
for device in null zero random urandom; do
  : > "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mount -t proc proc "$root/proc"
: > "$root/run/booted"
exec chroot "$root" setpriv --pdeathsig=KILL /bin/sh -c 'while :; do sleep 3600; done'
`;

/**
 * A machine of its own made of namespaces: users, network (nothing but loopback, every port free), processes and
 * file system. Its root may do everything there and nothing here.
 */
export class Machine implements AsyncDisposable {
  /** Its file system as it is seen from here. */
  readonly root: string;
  readonly #init: GuardedProcess;
  readonly #enter: readonly string[];
  readonly #path: string;

  constructor(root: string, init: GuardedProcess, initPid: string, path: readonly string[]) {
    this.root = root;
    this.#init = init;
    const namespaces = ["--user", "--net", "--mount", "--pid", "--root", "--wd", "--preserve-credentials"];
    this.#enter = ["--target", initPid, ...namespaces, "--"];
    this.#path = ["/opt/platform", ...path, "/usr/sbin", "/usr/bin"].join(":");
  }

  /** Starts a command as root of the machine. */
  start(name: string, command: readonly string[], { cwd = "/", env = {} }: RunOptions = {}): GuardedProcess {
    const inFolder = ["/bin/sh", "-c", 'cd "$0" && exec "$@"', cwd, ...command];
    return spawnGuarded({ command: "nsenter", args: this.#enter }, inFolder, {
      name,
      env: { ...env, PATH: this.#path },
    });
  }

  /** Runs a command as root of the machine to its end. */
  async run(command: readonly string[], options?: RunOptions): Promise<CommandResult> {
    const running = this.start(command[0] ?? "command", command, options);
    const exit = await running.exited;
    return { ...exit, output: running.output() };
  }

  /** Waits for a file that a process of the machine writes; tells what the process said when it ends before. */
  async waitForFile(path: string, writer: GuardedProcess): Promise<void> {
    await until(writer, async () => (await stat(join(this.root, path))).size > 0);
  }

  /** Ends every process of the machine and removes its file system. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#init.stop({ signal: "SIGKILL", withinMs: STARTUP_MS });
    await rm(this.root, { recursive: true, force: true });
  }
}

/** Starts a machine with an empty instance in it. Needs no root; with root, its users have ids of their own. */
export async function startMachine({ mounts, path }: MachineOptions): Promise<Machine> {
  const isMultiUser = process.getuid?.() === 0;
  const root = await mkdtemp(join(tmpdir(), "instance-"));
  // It becomes the folder / of users who are not its owner.
  await chmod(root, 0o755);
  await makeFileSystem(root, isMultiUser);
  const unshare = ["--user", "--net", "--mount", "--pid", "--fork"];
  const init = spawnGuarded(
    { command: "unshare", args: unshare },
    ["/bin/sh", "-c", BOOT, "boot", root, ...mounts],
    { name: "machine", env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" } },
  );
  await until(init, () => hasOwnUsers(init.pid));
  await mapUsers(init.pid, isMultiUser);
  await until(init, () => exists(join(root, "run/booted")));
  const children = await readFile(`/proc/${init.pid}/task/${init.pid}/children`, "utf8");
  return new Machine(root, init, children.trim(), path);
}

/** The users of the new namespace: the first 65536 of this machine, or the one who runs the test. */
async function mapUsers(pid: number, isMultiUser: boolean): Promise<void> {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  // Without this the kernel lets nobody but root map groups: user_namespaces(7).
  if (!isMultiUser) await writeFile(`/proc/${pid}/setgroups`, "deny");
  await writeFile(`/proc/${pid}/gid_map`, isMultiUser ? `0 0 ${FIRST_USERS}` : `0 ${gid} 1`);
  await writeFile(`/proc/${pid}/uid_map`, isMultiUser ? `0 0 ${FIRST_USERS}` : `0 ${uid} 1`);
}

async function hasOwnUsers(pid: number): Promise<boolean> {
  const [own, its] = await Promise.all([readlink("/proc/self/ns/user"), readlink(`/proc/${pid}/ns/user`)]);
  return own !== its;
}

/** Waits for something that a process brings about, and tells what it wrote when it ends before. */
async function until(running: GuardedProcess, holds: () => Promise<boolean>): Promise<void> {
  const deadline = AbortSignal.timeout(STARTUP_MS);
  let isGone = false;
  void running.exited.then(() => {
    isGone = true;
  });
  while (!(await holds().catch(() => false))) {
    if (isGone || deadline.aborted) {
      throw new Error(`${running.name} ${isGone ? "ended" : "does not start"}: ${running.output()}`);
    }
    await delay(POLL_MS);
  }
}

async function exists(path: string): Promise<boolean> {
  await access(path);
  return true;
}
