import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

/** Where the sources of the functions lie. */
const FUNCTIONS = join(import.meta.dirname, "../../functions");

/** One function as it is uploaded. */
export interface FunctionBundle {
  /** Folder with the code and what lies beside it. */
  directory: string;
  /** Changes with the code and with every file beside it. */
  hash: string;
}

/**
 * Bundles the Lambda functions with esbuild, each once per process: no Docker, and no dependency is looked up
 * where they run.
 */
export class FunctionBundles {
  readonly #outputDirectory: string;
  readonly #made = new Map<string, FunctionBundle>();

  /** @param outputDirectory - Where the bundles are written; one folder for each function. */
  constructor(outputDirectory: string) {
    this.#outputDirectory = outputDirectory;
  }

  /**
   * Returns the bundle of a function.
   *
   * @param name - Its folder under infra/functions.
   * @param files - Folders to put beside the code, by their name there.
   */
  bundle(name: string, files: Readonly<Record<string, string>> = {}): FunctionBundle {
    const made = this.#made.get(name) ?? this.#make(name, files);
    this.#made.set(name, made);
    return made;
  }

  #make(name: string, files: Readonly<Record<string, string>>): FunctionBundle {
    const directory = join(this.#outputDirectory, name);
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
    buildSync({
      entryPoints: [join(FUNCTIONS, name, "handler.ts")],
      outfile: join(directory, "index.mjs"),
      bundle: true,
      platform: "node",
      target: "node24",
      format: "esm",
      minify: true,
      legalComments: "none",
      logLevel: "error",
      // Dependencies that are still CommonJS call `require`, which a module does not have.
      banner: { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' },
    });
    for (const [target, source] of Object.entries(files)) {
      cpSync(source, join(directory, target), { recursive: true });
    }
    return { directory, hash: hashOf(directory) };
  }
}

function hashOf(directory: string): string {
  const hash = createHash("sha256");
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of entries) hash.update(file.slice(directory.length)).update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}
