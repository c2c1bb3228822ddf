import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chosenFiles, type Mode, type Topology } from "../topology.ts";
import type { SourceFile } from "./lint.ts";

/** The folder of the configuration files, at the root of the repository. */
export const EBEXTENSIONS_DIRECTORY: string = join(import.meta.dirname, "../../../../.ebextensions");

/** Returns the files that go into the bundle of a topology, read from a folder. */
export function readChosenFiles(
  topology: Topology,
  mode: Mode,
  directory = EBEXTENSIONS_DIRECTORY,
): SourceFile[] {
  return chosenFiles(topology, mode).map((name) => ({
    name,
    text: readFileSync(join(directory, name), "utf8"),
  }));
}
