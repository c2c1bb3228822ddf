import { execFile } from "node:child_process";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ensureProgram, type Program, type Progress } from "@sealed/servers";
import type { Finding } from "./finding.ts";
import { testsslFindings } from "./testssl-report.ts";

/** testssl.sh with the programs that it calls. */
export interface Testssl {
  script: string;
  environment: Record<string, string>;
}

const PACKAGE = "testssl.sh";
/** What the script insists on, from its package's own dependencies: a small machine has none of them. */
const TOOLS = ["dig", "hexdump", "openssl"];
const WITHIN_MS = 900_000;

/**
 * Returns testssl.sh, unpacked with apt at the first call.
 *
 * @param folder - Empty; small files that call the unpacked tools are put there.
 * @throws ServersError where it cannot be had.
 */
export async function findTestssl(dir: string, folder: string, progress?: Progress): Promise<Testssl> {
  const find = (path: string) =>
    ensureProgram({ dir, packageName: PACKAGE, path, ...(progress && { progress }) });
  const { root } = await find("usr/bin/testssl");
  const bin = join(folder, "bin");
  await mkdir(bin);
  for (const tool of TOOLS) await writeCaller(join(bin, tool), (await find(`usr/bin/${tool}`)).program);
  return {
    script: join(root, "usr/bin/testssl"),
    environment: {
      HOME: folder,
      PATH: `${bin}:/usr/local/bin:/usr/bin:/bin`,
      TERM: "dumb",
      TESTSSL_INSTALL_DIR: join(root, "etc/testssl"),
    },
  };
}

async function writeCaller(path: string, { command, args }: Program): Promise<void> {
  const words = [command, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  await writeFile(path, `#!/bin/sh\nexec ${words} "$@"\n`);
  await chmod(path, 0o755);
}

/** Returns what testssl.sh finds wrong with a TLS port on 127.0.0.1. Takes half a minute and more. */
export async function runTestssl(
  { script, environment }: Testssl,
  target: { host: string; port: number; reportFile: string },
): Promise<Finding[]> {
  const { host, port, reportFile } = target;
  const quiet = ["--quiet", "--color", "0", "--warnings", "batch", "--nodns", "none"];
  const what = ["--protocols", "--cipher-per-proto", "--vulnerable"];
  const scan = [script, ...quiet, "--jsonfile", reportFile, "--ip", "127.0.0.1", ...what, `${host}:${port}`];
  // Its exit code counts what it would have liked otherwise; the report says more.
  await promisify(execFile)("bash", scan, { env: environment, timeout: WITHIN_MS }).catch(
    (error: NodeJS.ErrnoException & { killed?: boolean }) => {
      if (typeof error.code !== "number") throw error;
    },
  );
  return testsslFindings(await readFile(reportFile, "utf8"));
}
