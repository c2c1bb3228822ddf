import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Topology, topologyNames } from "@sealed/infra/topologies";
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

const STATE_FILE = "state.json";

/**
 * Returns what a sandbox says of itself; `undefined`: none runs.
 *
 * @throws SealedError SEALED_ENVIRONMENT_MISSING when it says nothing that can be used.
 */
export async function readSandbox(directory: string): Promise<SandboxState | undefined> {
  const file = join(directory, STATE_FILE);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unusable(file, error as Error);
  }
  const state = stateFrom(text);
  if (state === undefined) throw unusable(file);
  return state;
}

function stateFrom(text: string): SandboxState | undefined {
  let state: Partial<SandboxState> | null;
  try {
    state = JSON.parse(text);
  } catch {
    return undefined;
  }
  const isWhole =
    isAddress(state?.url) &&
    typeof state?.caFile === "string" &&
    topologyNames.some((name) => name === state?.topology) &&
    Array.isArray(state?.instances) &&
    state.instances.every((one) => typeof one?.name === "string" && isAddress(one?.url));
  return isWhole ? (state as SandboxState) : undefined;
}

function isAddress(value: unknown): boolean {
  return typeof value === "string" && URL.canParse(value);
}

function unusable(file: string, cause?: Error): SealedError {
  const { code } = (cause ?? {}) as NodeJS.ErrnoException;
  const why =
    code === undefined ? "does not describe a sandbox as this version does" : `cannot be read (${code})`;
  return new SealedError(
    "SEALED_ENVIRONMENT_MISSING",
    `${file} ${why}: stop the sandbox and start it again`,
    {
      cause,
      mend: ["npm run stop", "npm start"],
    },
  );
}

/**
 * Returns the path of the running sandbox.
 *
 * @throws SealedError SEALED_ENVIRONMENT_MISSING
 */
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
    trust: { kind: "authorities", pems: [await authority(caFile)], source: "the sandbox's own authority" },
    // Port 80 of this machine is another program's business.
    httpPort,
    // Without a load balancer the instance is the public address itself.
    instances:
      topology === "single-instance"
        ? []
        : instances.map(({ name, url: own }) => ({ name, url: new URL(own) })),
    instanceNames: instances.map(({ name }) => name),
    areAllKnown: true,
    hopsPage: "on",
  };
}

async function authority(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw unusable(file, error as Error);
  }
}
