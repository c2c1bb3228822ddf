import type { SourceBundle } from "./source-bundle/build.ts";
import { type Mode, type Topology, topologyFacts } from "./topology.ts";

/** A bundle that was written. */
export interface WrittenBundle {
  file: string;
  topology: Topology;
  mode: Mode;
  bundle: SourceBundle;
  /** Settings of the files of one's own, as "namespace option". */
  given: ReadonlySet<string>;
}

/** Returns what is told about a written bundle, as JSON or as text for a person. */
export function bundleReport(written: WrittenBundle, json: boolean): string {
  const { file, topology, mode, bundle } = written;
  const toSet = settingsToAdd(written);
  if (json) {
    const { digest, paths } = bundle;
    return `${JSON.stringify({ file, topology, mode, bytes: bundle.zip.length, sha256: digest, paths, toSet })}\n`;
  }
  const lines = [
    `wrote ${file}`,
    `  ${bundle.paths.length} files, ${(bundle.zip.length / 1_000).toFixed(0)} kB, SHA-256 ${bundle.digest}`,
    `  for ${topology}, ${mode === "cdk" ? "in an environment made by CDK" : "in a plain environment"}`,
  ];
  if (toSet.length > 0) {
    lines.push("Set these yourself when you create the environment, or in a file given by --with:");
    lines.push(...toSet.map((setting) => `  ${setting}`));
  }
  return `${lines.join("\n")}\n`;
}

function settingsToAdd({ topology, mode, given }: WrittenBundle): string[] {
  if (mode === "cdk") return [];
  return topologyFacts[topology].personal
    .map(({ namespace, optionName }) => `${namespace} ${optionName}`)
    .filter((setting) => !given.has(setting));
}
