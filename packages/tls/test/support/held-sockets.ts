import { readFileSync } from "node:fs";

/** https://docs.kernel.org/networking/proc_net_tcp.html and the states of linux/include/net/tcp_states.h */
const TIME_WAIT = "06";
const LISTEN = "0A";

/** Returns how many connections of a port the kernel holds, those that their program has closed among them. */
export function heldSockets(port: number): number {
  const hexPort = port.toString(16).toUpperCase().padStart(4, "0");
  const rows = ["tcp", "tcp6"].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, "utf8").split("\n").slice(1),
  );
  return rows.filter((row) => {
    const [, local = "", , state = ""] = row.trim().split(/\s+/);
    return local.endsWith(`:${hexPort}`) && state !== LISTEN && state !== TIME_WAIT;
  }).length;
}
