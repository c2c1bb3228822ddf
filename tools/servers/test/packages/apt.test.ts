import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { machineTargets } from "../../src/packages/apt.ts";

test("reads the sources of a machine that has never fetched a package list", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sealed-apt-"));
  await mkdir(join(folder, "lists", "partial"), { recursive: true });
  await writeFile(join(folder, "sources.list"), "deb http://mirror.example/debian bookworm main\n");

  const targets = await machineTargets([
    `Dir::State::lists=${folder}/lists`,
    `Dir::Etc::sourcelist=${folder}/sources.list`,
    "Dir::Etc::sourceparts=/dev/null",
  ]);

  await rm(folder, { recursive: true });
  assert.ok(targets.length > 0);
  for (const target of targets) {
    assert.deepEqual(target, {
      uri: "http://mirror.example/debian/",
      release: "bookworm",
      component: "main",
    });
  }
});
