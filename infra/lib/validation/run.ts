import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "../properties/property.ts";
import { pairs } from "./pairs.ts";
import { type RuleFinding, readFindings } from "./report.ts";

/** What was found in one deployment. */
export interface PairResult {
  name: string;
  findings: RuleFinding[];
  properties: Finding[];
  tookMs: number;
}

/** Deployments that are validated at the same time. */
const AT_ONCE = 2;

/**
 * Validates every pair of topology and preset, each in a process of its own.
 *
 * @param directory - Where assemblies and reports are written.
 * @throws Error with the output of the process when one does not come to an end of its own.
 */
export async function validateAll(directory: string): Promise<PairResult[]> {
  mkdirSync(directory, { recursive: true });
  const bundlePath = join(directory, "source-bundle.zip");
  writeFileSync(bundlePath, "stands in for the zip file: no rule reads it");
  const waiting = [...pairs().entries()];
  const results: PairResult[] = [];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, { name }] = next;
      results[index] = await validateOne(index, name, join(directory, String(index)), bundlePath);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

async function validateOne(
  index: number,
  name: string,
  outdir: string,
  bundlePath: string,
): Promise<PairResult> {
  mkdirSync(outdir, { recursive: true });
  const startedMs = performance.now();
  await run(
    [join(import.meta.dirname, "../../bin/validate-one.ts"), String(index), outdir, bundlePath],
    name,
  );
  const report = join(outdir, "assembly/validation-report.json");
  return {
    name,
    findings: existsSync(report) ? readFindings(report) : [],
    properties: JSON.parse(readFileSync(join(outdir, "properties.json"), "utf8")) as Finding[],
    tookMs: performance.now() - startedMs,
  };
}

function run(args: readonly string[], name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => (output += String(chunk)));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve();
      else
        reject(new Error(`${name} could not be synthesised (exit code ${code}):\n${output.slice(-4_000)}`));
    });
  });
}
