import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, release, totalmem, type } from "node:os";

/** Where a run took place. */
export interface Machine {
  /** Day of the run, UTC. */
  date: string;
  cpu: string;
  cores: number;
  memoryGib: number;
  system: string;
  /** Mean number of runnable processes in the minute before the run; well above 0 means a busy machine. */
  loadBefore: number;
}

/** Returns what this machine is. */
export function describeMachine(): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryGib: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

const PACKAGES = ["mysql2", "aws-advanced-nodejs-wrapper", "express", "helmet", "pino", "pino-http"] as const;

/** Returns the versions of everything that takes part from the start; rows add those of programs they fetch. */
export function runtimeVersions(): Record<string, string> {
  const versions: Record<string, string> = {
    node: process.versions.node,
    openssl: process.versions.openssl ?? "unknown",
  };
  for (const name of PACKAGES) versions[name] = packageVersion(name);
  return versions;
}

/** Returns the first version number that a program prints, on whichever stream it does. */
export function programVersion(command: string, args: readonly string[]): string {
  const text = execFileSync("/bin/sh", ["-c", '"$@" 2>&1', "sh", command, ...args], { encoding: "utf8" });
  return /\d+\.\d+(\.\d+)?/.exec(text)?.[0] ?? "unknown";
}

function packageVersion(name: string): string {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
