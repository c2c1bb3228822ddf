import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { acknowledgements } from "../lib/controls/acknowledgements.ts";
import { match } from "../lib/validation/match.ts";
import { validateAll } from "../lib/validation/run.ts";

/** Validates every pair of topology and preset. Exit code 0: nothing is open, 1: something is. */
const startedMs = performance.now();
const directory = join(import.meta.dirname, "../dist/validation");
const results = await validateAll(directory);
const { open, acknowledged, unused } = match(
  results.flatMap(({ findings }) => findings),
  acknowledgements,
);
const broken = results.flatMap(({ name, properties }) => properties.map((finding) => ({ name, ...finding })));

const lines = [
  ...results.map(
    ({ name, findings, tookMs }) => `${name}: ${findings.length} findings, ${Math.round(tookMs / 1_000)} s`,
  ),
  ...open.map(({ rule, path, description }) => `open: ${rule} at ${path}: ${description}`),
  ...broken.map(({ name, property, message }) => `broken: ${property} of ${name}: ${message}`),
  ...unused.map(({ rule, where }) => `unused acknowledgement: ${String(rule)} at ${String(where)}`),
  `${results.length} deployments, ${acknowledged.length} findings acknowledged for ${acknowledgements.length} reasons, ${open.length + broken.length} open, ${unused.length} acknowledgements unused, ${Math.round((performance.now() - startedMs) / 1_000)} s`,
];
process.stdout.write(`${lines.join("\n")}\n`);
writeFileSync(join(directory, "findings.json"), `${JSON.stringify({ open, acknowledged }, null, 2)}\n`);
process.exitCode = open.length + broken.length + unused.length === 0 ? 0 : 1;
