import assert from "node:assert/strict";
import { sealed } from "./harness.ts";
import type { World } from "./world.ts";

interface Finding {
  id: string;
  verdict: string;
  found: string;
  meaning?: string;
  mend?: string[];
}

/** Runs `doctor` and returns what it says of each thing, by its id. */
export async function diagnose(options = "", world: World = {}) {
  const { exitCode, output } = await sealed(`doctor --json ${options}`.trim(), world);
  const { findings, notLookedAt } = JSON.parse(output) as {
    findings: Finding[];
    notLookedAt: { what: string; why: string }[];
  };
  const find = (id: string): Finding => {
    const found = findings.find((finding) => finding.id === id);
    assert.ok(found, `no finding ${id} among ${findings.map((finding) => finding.id).join(", ")}`);
    return found;
  };
  return {
    exitCode,
    findings,
    notLookedAt: notLookedAt.map(({ what, why }) => `${what}: ${why}`).join("; "),
    verdictOf: (id: string) => find(id).verdict,
    foundOf: (id: string) => find(id).found,
    meaningOf: (id: string) => find(id).meaning ?? "",
    mendOf: (id: string) => find(id).mend ?? [],
  };
}
