import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ensureProgram, type Program, type Progress } from "@sealed/servers";
import type { Finding } from "./finding.ts";
import { sslscanFindings } from "./sslscan-report.ts";

const WITHIN_MS = 60_000;

/** Returns sslscan, unpacked with apt at the first call. @throws ServersError where it cannot be had. */
export async function findSslscan(dir: string, progress?: Progress): Promise<Program> {
  const packageName = "sslscan";
  const options = { dir, packageName, path: "usr/bin/sslscan", ...(progress && { progress }) };
  return (await ensureProgram(options)).program;
}

/** Returns what sslscan finds wrong with a TLS port on 127.0.0.1. Takes about a second. */
export async function runSslscan(
  { command, args }: Program,
  target: { host: string; port: number },
): Promise<Finding[]> {
  const options = ["--no-colour", "--no-heartbleed", "--xml=-", `--sni-name=${target.host}`];
  const scan = [...args, ...options, `127.0.0.1:${target.port}`];
  const { stdout } = await promisify(execFile)(command, scan, { timeout: WITHIN_MS });
  return sslscanFindings(stdout);
}
