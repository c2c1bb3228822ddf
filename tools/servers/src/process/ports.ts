import { once } from "node:events";
import { readdir, readFile, readlink } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { basename } from "node:path";

// Column values of /proc/net/tcp: https://docs.kernel.org/networking/proc_net_tcp.html
const LISTEN_STATE = "0A";

/** Returns a TCP port that nobody uses at this moment. */
export async function freePort(host = "127.0.0.1"): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Returns who listens on a TCP port, as "pid 123 (node)", or undefined where that cannot be known. */
export async function portHolder(port: number): Promise<string | undefined> {
  const inodes = new Set(
    (
      await Promise.all(["/proc/net/tcp", "/proc/net/tcp6"].map((table) => listenerInodes(table, port)))
    ).flat(),
  );
  if (inodes.size === 0) return undefined;
  for (const pid of await entries("/proc")) {
    if (/^\d+$/.test(pid) && (await holdsSocket(pid, inodes))) {
      return `pid ${pid} (${await programName(pid)})`;
    }
  }
  return undefined;
}

async function listenerInodes(table: string, port: number): Promise<string[]> {
  const text = await readFile(table, "utf8").catch(() => "");
  const hexPort = port.toString(16).toUpperCase().padStart(4, "0");
  return text
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(`:${hexPort}`) && columns[3] === LISTEN_STATE)
    .map((columns) => columns[9] ?? "");
}

async function holdsSocket(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  for (const fd of await entries(`/proc/${pid}/fd`)) {
    const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => "");
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined && inodes.has(inode)) return true;
  }
  return false;
}

// Another user's process, or one that ended a moment ago, cannot be looked into: it counts as empty.
function entries(path: string): Promise<string[]> {
  return readdir(path).catch(() => []);
}

// Not /proc/PID/comm: there, Node is called "MainThread", and an unpacked server "ld-linux", after its loader.
async function programName(pid: string): Promise<string> {
  const commandLine = (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).split("\0");
  const isLoader = (path: string) => basename(path).startsWith("ld-linux");
  const program = commandLine.find(
    (word) => !isLoader(word) && (word === commandLine[0] || /\/s?bin\//.test(word)),
  );
  return program === undefined || program === "" ? "unknown" : basename(program);
}
