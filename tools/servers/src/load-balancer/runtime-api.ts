import { connect } from "node:net";
import { text } from "node:stream/consumers";

/** State of one instance as HAProxy counts it. */
export interface ServerStatus {
  backend: string;
  name: string;
  /** "UP", "DOWN", "DRAIN", "MAINT", "no check", with a counter behind it while it changes. */
  status: string;
  activeSessions: number;
}

/**
 * Returns HAProxy's answer to one command on its stats socket.
 *
 * @see https://docs.haproxy.org/3.2/management.html#9.3
 */
export async function runtimeCommand(statsSocket: string, line: string): Promise<string> {
  const socket = connect(statsSocket);
  socket.end(`${line}\n`);
  return (await text(socket)).trim();
}

/** Returns the instances of HAProxy's table `show stat`. */
export function parseServers(statCsv: string): ServerStatus[] {
  const [header = "", ...rows] = statCsv.replace(/^# /, "").split("\n");
  const names = header.split(",");
  const column = (cells: string[], name: string) => cells[names.indexOf(name)] ?? "";
  return rows
    .map((row) => row.split(","))
    .filter((cells) => column(cells, "type") === "2")
    .map((cells) => ({
      backend: column(cells, "pxname"),
      name: column(cells, "svname"),
      status: column(cells, "status"),
      activeSessions: Number(column(cells, "scur")),
    }));
}
