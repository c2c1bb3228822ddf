import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { buildSourceBundle } from "../../../tools/bundle/src/source-bundle/build.ts";
import { freePort, spawnGuarded, untilPortAnswers } from "../../../tools/servers/src/index.ts";
import type { Bench, RowGroup } from "../bench.ts";
import { pinning } from "../part.ts";
import type { Measurement } from "../row.ts";

const MB = 1_000_000;
const TOPOLOGY = "alb-reencrypt";

/** What goes to an instance, and how long it takes there from the start of the process to the open port. */
export const bundle: RowGroup = {
  ids: ["start-to-listening", "bundle-size"],
  async measure(bench) {
    const { zip } = await buildSourceBundle({ topology: TOPOLOGY, mode: "cdk" });
    const samples: number[] = [];
    if (bench.wants("start-to-listening")) {
      const folder = await unpack(bench, zip);
      for (let round = 0; round <= bench.rounds; round++) samples.push(await startMs(folder));
      // The first start reads the files from the disk.
      samples.shift();
    }
    return rows(samples, zip.length);
  },
};

function rows(startSamples: readonly number[], zipBytes: number): Measurement[] {
  return [
    {
      id: "start-to-listening",
      what: "the bundled app from the start of its process to listening, certificate made (ms)",
      goal: { atMost: 300 },
      samples: startSamples,
    },
    {
      id: "bundle-size",
      what: `size of the source bundle for ${TOPOLOGY} (MB)`,
      goal: { atMost: 1.5 },
      samples: [zipBytes / MB],
    },
  ];
}

async function unpack(bench: Bench, zip: Uint8Array): Promise<string> {
  const folder = join(bench.temporaryDir, "bundle");
  for (const [path, content] of Object.entries(unzipSync(zip))) {
    if (path.endsWith("/")) continue;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

/** Starts the app as its Procfile does, until its port is open. */
async function startMs(folder: string): Promise<number> {
  const port = await freePort();
  const [command = process.execPath, ...args] = [...pinning("measured"), process.execPath];
  const nodeArguments = await procfileArguments(folder);
  const startedAtMs = performance.now();
  await using app = spawnGuarded({ command, args }, nodeArguments, {
    name: "the bundled app",
    cwd: folder,
    env: { ...ENVIRONMENT, HTTPS_PORT: String(port) },
  });
  await untilPortAnswers(port, () => app.output().slice(0, 500));
  return performance.now() - startedAtMs;
}

/** Returns what the Procfile gives to node, so that an option which is added there is measured too. */
async function procfileArguments(folder: string): Promise<string[]> {
  const procfile = await readFile(join(folder, "Procfile"), "utf8");
  const [, given] = /^web: exec node (\S.*)$/m.exec(procfile) ?? [];
  if (given === undefined) throw new Error(`the Procfile must hold "web: exec node ...", got: ${procfile}`);
  return given.split(" ");
}

const ENVIRONMENT = {
  PATH: "/usr/local/bin:/usr/bin:/bin",
  AWS_EC2_METADATA_DISABLED: "true",
  TOPOLOGY,
  LISTEN_ADDRESS: "127.0.0.1",
  PUBLIC_HOSTS: "localhost",
  TRUSTED_PROXIES: "127.0.0.1/32",
  DB_HOST: "localhost",
  // Nothing listens there: the app must be up before its database is.
  DB_PORT: "1",
  DB_NAME: "notebook",
  DB_USER: "app",
  AWS_REGION: "eu-west-1",
};
