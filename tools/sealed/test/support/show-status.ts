import assert from "node:assert/strict";
import { sealed } from "./harness.ts";
import { NOW } from "./running-deployment.ts";
import type { World } from "./world.ts";

interface Line {
  id: string;
  state: string;
  text: string;
  details: string[];
}

/** Runs `status` and returns what it says of each thing, by its id. */
export async function showStatus(options = "", world: World = {}) {
  const { exitCode, output } = await sealed(`status --json ${options}`.trim(), { now: NOW, ...world });
  const { lines } = JSON.parse(output) as { lines: Line[] };
  const find = (id: string): Line => {
    const line = lines.find((each) => each.id === id);
    assert.ok(line, `no line ${id}`);
    return line;
  };
  return {
    exitCode,
    stateOf: (id: string) => find(id).state,
    textOf: (id: string) => find(id).text,
    detailsOf: (id: string) => find(id).details,
  };
}
