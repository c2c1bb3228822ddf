import type { DeploymentSettings } from "@sealed/infra/config";
import { presets } from "@sealed/infra/presets";
import { topologies } from "@sealed/infra/topologies";
import { SealedError } from "../errors.ts";
import { completed } from "./variants.ts";

/**
 * Returns the settings of each deployment to be compared: `production`, `nlb-passthrough`, `production/nlb-passthrough`.
 * What a word does not say is as in the settings.
 *
 * @throws SealedError SEALED_ARGUMENTS_INVALID
 */
export function parseCompared(
  words: readonly string[] | true,
  settings: DeploymentSettings,
): DeploymentSettings[] {
  if (words === true) throw refused("nothing");
  return words.map((word) => {
    let chosen = settings;
    for (const part of word.split("/")) {
      if (isKey(part, presets)) chosen = { ...chosen, preset: part };
      else if (isKey(part, topologies)) chosen = { ...chosen, topology: part };
      else throw refused(`"${word}"`);
    }
    return completed(chosen);
  });
}

function isKey<Table extends object>(word: string, table: Table): word is Extract<keyof Table, string> {
  return Object.hasOwn(table, word);
}

function refused(got: string): SealedError {
  const allowed = [...Object.keys(presets), ...Object.keys(topologies)].join(", ");
  return new SealedError(
    "SEALED_ARGUMENTS_INVALID",
    `--compare takes presets and topologies, or both with a slash, got ${got}, allowed: ${allowed}`,
    { mend: ["npx sealed cost --compare sandbox production production/nlb-passthrough"] },
  );
}
