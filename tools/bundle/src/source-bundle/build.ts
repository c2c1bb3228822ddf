import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";
import { readChosenFiles } from "../ebextensions/directory.ts";
import { lint, type SourceFile } from "../ebextensions/lint.ts";
import { BundleError } from "../errors.ts";
import type { Mode, Topology } from "../topology.ts";
import { compileApp } from "./compile.ts";
import { MAX_BUNDLE_BYTES, refusedContent } from "./content-rules.ts";
import { bundleContents } from "./contents.ts";
import type { BundleEntry } from "./entry.ts";
import { makeZip } from "./zip.ts";

/** The repository that this file is in. */
export const REPOSITORY: string = join(import.meta.dirname, "../../../..");

/** What is to be bundled. */
export interface BundleRequest {
  topology: Topology;
  mode: Mode;
  /** Configuration files of one's own, for a plain environment. */
  ownFiles?: readonly SourceFile[];
  /** The compiled app, for who makes several bundles; default: it is compiled. */
  app?: readonly BundleEntry[];
  /** Default: the repository that this file is in. */
  root?: string;
}

/** A source bundle, ready to be written. */
export interface SourceBundle {
  zip: Uint8Array;
  /** SHA-256 of the zip, in hexadecimal digits; the same input gives the same. */
  digest: string;
  /** Paths in the zip, sorted. */
  paths: readonly string[];
}

/**
 * Returns the source bundle of a topology.
 *
 * @throws BundleError BUNDLE_EBEXTENSIONS_INVALID, BUNDLE_CONTENT_REFUSED or BUNDLE_TOO_LARGE, with every problem.
 */
export async function buildSourceBundle(request: BundleRequest): Promise<SourceBundle> {
  const { topology, mode, ownFiles = [], root = REPOSITORY } = request;
  const files = [...readChosenFiles(topology, mode, join(root, ".ebextensions")), ...ownFiles];
  const findings = lint({ topology, mode, files });
  if (findings.length > 0) {
    const lines = findings.map(({ file, rule, message }) => `${file}: ${message} (${rule})`);
    throw new BundleError("BUNDLE_EBEXTENSIONS_INVALID", ".ebextensions has problems:", lines);
  }
  const entries = bundleContents(root, request.app ?? (await compileApp(root)), files);
  const refused = refusedContent(entries, machinePaths(root));
  if (refused.length > 0) {
    throw new BundleError("BUNDLE_CONTENT_REFUSED", "the bundle holds what must stay out:", refused);
  }
  const zip = makeZip(entries);
  if (zip.length > MAX_BUNDLE_BYTES) {
    const message = `the bundle has ${zip.length} bytes, allowed are ${MAX_BUNDLE_BYTES}: look for a large dependency`;
    throw new BundleError("BUNDLE_TOO_LARGE", message);
  }
  const digest = createHash("sha256").update(zip).digest("hex");
  return { zip, digest, paths: entries.map(({ path }) => path).sort() };
}

/** The root of the file system, which can be a home folder, names nothing. */
function machinePaths(root: string): string[] {
  return [root, homedir()].filter((folder) => folder !== "/");
}
