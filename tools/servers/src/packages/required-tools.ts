import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { unsupportedSystem } from "./suites.ts";

// apt and dpkg unpack; setpriv and flock (util-linux, on every Debian) tie processes and locks to this one.
const TOOLS = ["apt-get", "dpkg", "setpriv", "flock"] as const;
const LIST_MISSING = 'for tool in "$@"; do command -v "$tool" >/dev/null || echo "$tool"; done';

/**
 * Checks that this machine has what unpacks and guards the servers.
 *
 * @throws ServersError SERVERS_UNSUPPORTED_SYSTEM, which names the devcontainer, on macOS, Windows and other Linuxes.
 */
export async function requireTools(): Promise<void> {
  if (process.platform !== "linux") throw unsupportedSystem(`this machine runs ${process.platform}`);
  const { stdout } = await promisify(execFile)("sh", ["-c", LIST_MISSING, "sh", ...TOOLS]);
  const missing = stdout.trim().split("\n").join(", ");
  if (missing !== "") throw unsupportedSystem(`this machine has no ${missing}`);
}
