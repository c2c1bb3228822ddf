import { readFile, rename, writeFile } from "node:fs/promises";
import type { Topology } from "@sealed/servers";

/** One instance of the app. */
export interface InstanceState {
  name: string;
  /** Where the instance itself answers, past the load balancer. */
  url: string;
  pid: number;
}

/** What `.sandbox/state.json` says while the path is up; other programs rely on it. */
export interface SandboxState {
  url: string;
  topology: Topology;
  /** Signs what clients of `url` see; trusted by nobody who was not told so. */
  caFile: string;
  instances: InstanceState[];
  database: {
    host: string;
    port: number;
    name: string;
    users: { app: string; migrator: string };
    adminSocket: string;
  };
  /** null with `single-instance`. */
  loadBalancer: { pid: number; statsSocket: string } | null;
  aws: { credentialsFile: string; profile: string; region: string };
}

/** Writes the state so that a reader sees the old one or the new one, never half of it; mode 0600. */
export async function writeState(file: string, state: SandboxState): Promise<void> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}

/** Returns what `writeState` wrote. */
export async function readState(file: string): Promise<SandboxState> {
  return JSON.parse(await readFile(file, "utf8")) as SandboxState;
}
