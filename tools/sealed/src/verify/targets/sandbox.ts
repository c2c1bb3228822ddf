import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Topology } from "@sealed/infra/topologies";
import { SealedError } from "../../errors.ts";
import type { VerifyOptions } from "../options.ts";
import type { Target } from "../target.ts";

/** The part of `.sandbox/state.json` that is needed here; it exists while the sandbox runs. */
export interface SandboxState {
  url: string;
  topology: Topology;
  caFile: string;
  instances: readonly { name: string; url: string }[];
}

/** Returns what a sandbox says of itself; `undefined`: none runs. */
export async function readSandbox(directory: string): Promise<SandboxState | undefined> {
  try {
    return JSON.parse(await readFile(join(directory, "state.json"), "utf8")) as SandboxState;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Returns the path of the running sandbox. */
export async function sandboxTarget(
  state: SandboxState | undefined,
  { httpPort }: Pick<VerifyOptions, "httpPort">,
): Promise<Target> {
  if (state === undefined) {
    throw new SealedError(
      "SEALED_ENVIRONMENT_MISSING",
      "no sandbox runs in this clone: start one, or leave out --local",
      { mend: ["npm start"] },
    );
  }
  const { url, topology, caFile, instances } = state;
  return {
    origin: "sandbox",
    url: new URL(url),
    topology,
    trust: { kind: "authorities", pems: [await readFile(caFile, "utf8")] },
    // Port 80 of this machine is another program's business.
    httpPort,
    // Without a load balancer the instance is the public address itself.
    instances:
      topology === "single-instance"
        ? []
        : instances.map(({ name, url: own }) => ({ name, url: new URL(own) })),
    instanceNames: instances.map(({ name }) => name),
    hopsPage: "on",
  };
}
