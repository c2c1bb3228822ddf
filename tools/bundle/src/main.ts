/**
 * `npm run bundle`: writes the source bundle of a topology.
 *
 * Exit codes: 0 written, 1 something in it must not be there, 2 wrong arguments.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type BundleArguments, parseArguments, USAGE } from "./arguments.ts";
import { parseConfigFile } from "./ebextensions/config-file.ts";
import type { SourceFile } from "./ebextensions/lint.ts";
import { BundleError } from "./errors.ts";
import { bundleReport } from "./report.ts";
import { buildSourceBundle, REPOSITORY } from "./source-bundle/build.ts";

async function writeBundle(wanted: BundleArguments): Promise<string> {
  const { topology, mode } = wanted;
  const ownFiles = wanted.ownFiles.map(readOwnFile);
  const bundle = await buildSourceBundle({ topology, mode, ownFiles });
  const file = resolve(wanted.out ?? join(REPOSITORY, "apps/web/dist/source-bundle.zip"));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bundle.zip);
  const given = ownFiles
    .flatMap(({ name, text }) => parseConfigFile(name, text).file.settings)
    .map(({ namespace, optionName }) => `${namespace} ${optionName}`);
  return bundleReport({ file, topology, mode, bundle, given: new Set(given) }, wanted.json);
}

function readOwnFile(file: string): SourceFile {
  const name = basename(file);
  if (!name.endsWith(".config")) {
    throw new BundleError(
      "BUNDLE_ARGUMENTS_INVALID",
      `--with takes files that end in .config, got "${file}"`,
    );
  }
  try {
    return { name, text: readFileSync(file, "utf8") };
  } catch (error) {
    throw new BundleError("BUNDLE_ARGUMENTS_INVALID", `--with ${file}: ${(error as Error).message}`);
  }
}

try {
  process.stdout.write(await writeBundle(parseArguments(process.argv.slice(2))));
} catch (error) {
  if (!(error instanceof BundleError)) throw error;
  const isUsage = error.code === "BUNDLE_ARGUMENTS_INVALID";
  process.stderr.write(`${error.message}\n${isUsage ? `${USAGE}\n` : ""}`);
  process.exitCode = isUsage ? 2 : 1;
}
