import { networkInterfaces } from "node:os";
import { join } from "node:path";
import type { Programs } from "../packages/index.ts";
import type { DatabaseFolder } from "./folder.ts";

/** What differs between two starts of the same server. */
export interface RunningOptions {
  port: number;
  requireSecureTransport: boolean;
  tlsVersion: string;
  options: readonly string[];
}

// For a database of a few megabytes.
const SMALL = [
  "--innodb-buffer-pool-size=64M",
  "--innodb-log-buffer-size=2M",
  "--performance-schema=OFF",
  "--skip-log-bin",
] as const;
// The prefix "loose-" lets a release that lacks the option go on.
const OF_ONE_SERVER = {
  mysql: [
    "--innodb-redo-log-capacity=32M",
    "--loose-mysqlx=OFF",
    // The certificate comes from the private CA, and passwords cross encrypted connections only: no RSA keys needed.
    "--loose-auto-generate-certs=OFF",
    "--loose-caching-sha2-password-auto-generate-rsa-keys=OFF",
    "--loose-sha256-password-auto-generate-rsa-keys=OFF",
  ],
  mariadb: ["--innodb-log-file-size=8M"],
} as const;
// RDS compares names of tables and speaks of time as these do.
const AS_IN_RDS = ["--character-set-server=utf8mb4", "--default-time-zone=+00:00"] as const;

/** Returns the options with which a server makes a data directory and with which it runs. */
export function baseArguments(programs: Programs, data: string): string[] {
  return [
    // Must come first: no option file of the machine's own database is read.
    "--no-defaults",
    `--basedir=${programs.baseFolder}`,
    `--datadir=${data}`,
    `--plugin-dir=${programs.pluginFolder}`,
    `--lc-messages-dir=${programs.shareFolder}`,
    `--character-sets-dir=${join(programs.shareFolder, "charsets")}`,
    // The server refuses to be root unless it is told so.
    ...(process.getuid?.() === 0 ? ["--user=root"] : []),
    ...SMALL,
    ...OF_ONE_SERVER[programs.server],
  ];
}

/** Returns all options of a server that runs. */
export function serverArguments(
  programs: Programs,
  folder: DatabaseFolder,
  running: RunningOptions,
): string[] {
  return [
    ...baseArguments(programs, folder.data),
    ...AS_IN_RDS,
    `--socket=${folder.socket}`,
    `--pid-file=${join(folder.root, "server.pid")}`,
    `--port=${running.port}`,
    `--bind-address=${loopbackAddresses().join(",")}`,
    "--skip-name-resolve",
    `--init-file=${folder.initFile}`,
    `--secure-file-priv=${folder.files}`,
    ...(programs.server === "mysql" ? ["--plugin-load-add=auth_socket.so"] : []),
    `--plugin-load-add=${programs.pluginFile.slice(programs.pluginFolder.length + 1)}`,
    `--ssl-cert=${folder.certificateFile}`,
    `--ssl-key=${folder.keyFile}`,
    `--tls-version=${running.tlsVersion}`,
    `--require-secure-transport=${running.requireSecureTransport ? "ON" : "OFF"}`,
    ...running.options,
  ];
}

/** 127.0.0.1, and ::1 where the machine has it: "localhost" may mean either. */
function loopbackAddresses(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return ["127.0.0.1", ...(addresses.some(({ address }) => address === "::1") ? ["::1"] : [])];
}
