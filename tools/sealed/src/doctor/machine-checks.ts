import type { Check } from "./check.ts";
import { type Finding, ok, problem, unchecked, warning } from "./finding.ts";
import type { Machine } from "./machine.ts";

/** Node strips types by itself, and this project uses `using`, from here on. */
const NODE_MAJOR = 24;

/** What npm needs to install the project, its own Node included. */
const OWN_NODE_MAJOR = 20;

/** Where `npm start` listens. */
const PORT = 8443;

const MIB = 1024 * 1024;
/** What a first `npm start` unpacks and makes: 330 MB of MySQL and HAProxy, 75 MB a database template, data. */
const FIRST_START_MIB = 700;
/** What later starts add: data and logs. */
const LATER_START_MIB = 200;

const DEVCONTAINER = "open the repository in its devcontainer (.devcontainer/devcontainer.json)";

/** Returns what is looked at on the machine: what the commands need, then what `npm start` needs. */
export function machineChecks(machine: Machine): Check[] {
  return [
    { id: "node", subject: "Node", look: async () => node(machine.nodeVersion) },
    {
      id: "own-node",
      subject: "the machine's own Node",
      look: async () => ownNode(await machine.ownNodeVersion()),
    },
    { id: "npm", subject: "npm", look: async () => npm(await machine.npmVersion()) },
    { id: "platform", subject: "platform", look: async () => platform(machine.platform) },
    { id: "servers", subject: "tools that unpack the local servers", look: () => servers(machine) },
    { id: "port", subject: `port ${PORT} for npm start`, look: () => port(machine) },
    { id: "disk", subject: "disk space for npm start", look: () => disk(machine) },
  ];
}

function node(version: string): Finding {
  if (major(version) >= NODE_MAJOR) return ok(version);
  return problem(
    version,
    `the programs are TypeScript that Node ${NODE_MAJOR} and newer run as it is: npm installs that Node with the project`,
    ["npm ci", "npx sealed doctor"],
  );
}

function ownNode(version: string | undefined): Finding {
  if (version === undefined) return ok("none beside the project's");
  if (major(version) >= OWN_NODE_MAJOR) return ok(`${version}; npm scripts and npx run the project's`);
  return warning(version, `npm ci needs Node ${OWN_NODE_MAJOR} or newer to install the project's own Node`);
}

function npm(version: string | undefined): Finding {
  if (version !== undefined) return ok(version);
  return problem("not found", "npm installs what everything here runs on", ["sudo apt-get install npm"]);
}

function platform(name: string): Finding {
  if (name === "linux") return ok(name);
  return warning(name, `npm start unpacks its servers with apt, on Linux only: ${DEVCONTAINER}`);
}

async function servers(machine: Machine): Promise<Finding> {
  try {
    const { suite, hasCompiler } = await machine.serverSupport();
    const compiler = hasCompiler ? "cc" : "no cc: tcc is unpacked in its place";
    return ok(`apt-get, dpkg, setpriv, flock; MySQL from ${suite}; ${compiler}`);
  } catch (error) {
    if (!isServersError(error)) throw error;
    if (error.code === "SERVERS_COMMAND_FAILED") return unchecked(error.message);
    return warning(error.message, "npm start, the path on one machine, does not work here; all else does");
  }
}

async function port(machine: Machine): Promise<Finding> {
  const { isFree, holder = "another program" } = await machine.port(PORT);
  if (isFree) return ok("free");
  const path = await machine.runningPath();
  if (path?.endsWith(`:${PORT}`)) return ok(`npm start has ${path} up`);
  return warning(`taken by ${holder}`, "npm start refuses to start there: give it another port", [
    "npm start -- --port 9443",
  ]);
}

async function disk(machine: Machine): Promise<Finding> {
  const neededMib = (await machine.hasUnpackedServers()) ? LATER_START_MIB : FIRST_START_MIB;
  const freeMib = Math.floor((await machine.freeDiskBytes()) / MIB);
  const found = `${freeMib} MiB free`;
  if (freeMib >= neededMib) return ok(found);
  return warning(found, `npm start takes about ${neededMib} MiB in .sandbox`, ["npm run reset"]);
}

function major(version: string): number {
  return Number(version.split(".")[0]);
}

function isServersError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && error.name === "ServersError";
}
