import { execFile } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { RowGroup } from "../bench.ts";
import { pinning } from "../part.ts";

const COMMAND = fileURLToPath(new URL("../../../tools/sealed/bin/sealed.ts", import.meta.url));

/** How long a person waits for the help of a command. */
export const commandLine: RowGroup = {
  ids: ["cli-help"],
  async measure({ rounds }) {
    const samples: number[] = [];
    for (let round = 0; round <= rounds; round++) samples.push(await helpMs());
    // The first reads the files from the disk.
    samples.shift();
    return [
      {
        id: "cli-help",
        what: "sealed doctor --help, from the start of its process to its end (ms)",
        goal: { atMost: 300 },
        samples,
      },
    ];
  },
};

async function helpMs(): Promise<number> {
  const [command = process.execPath, ...args] = [...pinning("measured"), process.execPath];
  const startedAtMs = performance.now();
  const child = execFile(command, [...args, COMMAND, "doctor", "--help"]);
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`sealed doctor --help ended with ${code}`);
  return performance.now() - startedAtMs;
}
