import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import test from "node:test";

const root = new URL("..", import.meta.url).pathname;
const manifests = globSync(
  ["package.json", "{apps,packages,tools}/*/package.json", "{infra,bench}/package.json"],
  {
    cwd: root,
  },
);

test("every dependency is pinned to one exact version", () => {
  const loose = manifests.flatMap((file) => {
    const manifest = JSON.parse(readFileSync(`${root}/${file}`, "utf8")) as Record<string, unknown>;
    const declared = { ...(manifest.dependencies as object), ...(manifest.devDependencies as object) };
    return Object.entries(declared)
      .filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)))
      .map(([name, version]) => `${file}: ${name}@${version}`);
  });

  assert.ok(manifests.length >= 5);
  assert.deepEqual(loose, []);
});
