/**
 * `npm run scan`: lets sslscan and testssl.sh look at the app, with an ECDSA and with an RSA certificate, and at the
 * load balancer in front of it.
 *
 * Exit codes: 0 nothing found, 1 a finding, 2 wrong arguments, 3 it could not be scanned.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultDirectory, type Progress } from "@sealed/servers";
import type { Finding } from "./finding.ts";
import { findSslscan, runSslscan } from "./run-sslscan.ts";
import { findTestssl, runTestssl } from "./run-testssl.ts";
import { startTargets } from "./targets.ts";

const USAGE = `usage: npm run scan

Scans the app, with an ECDSA and with an RSA certificate, and the load balancer in front of it, with sslscan and
testssl.sh. Takes some minutes; the first run fetches the scanners with apt, without root.

exit codes: 0 nothing found, 1 a finding, 2 wrong arguments, 3 it could not be scanned`;

type Scan = (target: { host: string; port: number }) => Promise<Finding[]>;

async function findScanners(folder: string, progress: Progress): Promise<Record<string, Scan>> {
  const sslscan = await findSslscan(defaultDirectory, progress);
  const testssl = await findTestssl(defaultDirectory, folder, progress);
  return {
    sslscan: (target) => runSslscan(sslscan, target),
    "testssl.sh": (target) =>
      runTestssl(testssl, { ...target, reportFile: join(folder, `${target.port}.json`) }),
  };
}

/** Returns the number of findings. */
async function scanAll(folder: string, progress: Progress): Promise<number> {
  await using stack = new AsyncDisposableStack();
  const scanners = Object.entries(await findScanners(folder, progress));
  let count = 0;
  for (const target of await startTargets({ dir: defaultDirectory, folder, progress }, stack)) {
    for (const [scanner, scan] of scanners) {
      progress(`${scanner} looks at ${target.name}`);
      const findings = await scan(target);
      count += findings.length;
      process.stdout.write(`${target.name}: ${scanner} finds ${findings.length || "nothing"}\n`);
      for (const finding of findings) process.stdout.write(`  ${finding}\n`);
    }
  }
  return count;
}

async function main(args: readonly string[]): Promise<number> {
  if (args.length > 0) {
    const isHelp = args[0] === "--help" || args[0] === "-h";
    (isHelp ? process.stdout : process.stderr).write(`${USAGE}\n`);
    return isHelp ? 0 : 2;
  }
  const folder = await mkdtemp(join(tmpdir(), "scan-"));
  try {
    const count = await scanAll(folder, (line) => void process.stderr.write(`${line}\n`));
    return count === 0 ? 0 : 1;
  } catch (error) {
    process.stderr.write(`scan: ${(error as Error).message}\n`);
    return 3;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main(process.argv.slice(2));
