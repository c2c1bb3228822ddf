import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { REPOSITORY } from "../src/repository.ts";
import { sealed } from "./support/harness.ts";

const OPTION = /--[a-z][a-z-]+/g;

test("the reference has every option of the commands, and no other", async () => {
  const page = readFileSync(join(REPOSITORY, "docs/reference/deploy.md"), "utf8");
  const options = new Set<string>();
  for (const command of ["deploy", "destroy", "diff", "synth"]) {
    const { output } = await sealed(`${command} --help`);
    const [help = ""] = output.split("Example:");
    for (const [option] of help.matchAll(OPTION)) options.add(option);
  }
  // Options of other programs in the examples.
  const foreign = ["--stack-name"];
  const named = [...page.matchAll(OPTION)]
    .map(([option]) => option)
    .filter((option) => !foreign.includes(option));

  assert.ok(options.size > 10);
  assert.deepEqual([...new Set(named)].sort(), [...options].sort());
});
