import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";

const root = new URL("..", import.meta.url).pathname;

/** Runs `turbo boundaries` on a copy of the workspaces in which `change` was made. */
function boundariesAfter(change: (copy: string) => void) {
  const copy = mkdtempSync(join(tmpdir(), "boundaries-"));
  try {
    for (const path of [
      "package.json",
      "package-lock.json",
      "turbo.json",
      "apps",
      "infra",
      "packages",
      "tools",
    ]) {
      cpSync(join(root, path), join(copy, path), {
        recursive: true,
        filter: (source) => !/\/(node_modules|\.turbo|dist|cdk\.out)(\/|$)/.test(source.slice(root.length)),
      });
    }
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    spawnSync("git", ["init", "-q"], { cwd: copy });
    change(copy);
    return spawnSync(join(root, "node_modules/.bin/turbo"), ["boundaries", "--no-color"], {
      cwd: copy,
      encoding: "utf8",
    });
  } finally {
    rmSync(copy, { recursive: true });
  }
}

test("no workspace imports what it may not", () => {
  const result = boundariesAfter(() => {});

  assert.equal(result.status, 0, result.stdout + result.stderr);
  assert.match(result.stdout + result.stderr, /Checked [1-9]\d* files in \d+ packages/);
});

test("the TLS package cannot come to know the database package", () => {
  const result = boundariesAfter((copy) => {
    const file = join(copy, "packages/tls/package.json");
    const manifest = JSON.parse(readFileSync(file, "utf8"));
    manifest.dependencies["@sealed/db"] = manifest.version;
    writeFileSync(file, JSON.stringify(manifest));
    writeFileSync(join(copy, "packages/tls/src/joined.ts"), 'import "@sealed/db";\n');
  });

  assert.notEqual(result.status, 0);
  assert.match(result.stdout + result.stderr, /`@sealed\/db` found without any tag listed/);
});

test("a library cannot import a package that it does not declare, or reach into another folder", () => {
  const result = boundariesAfter((copy) => {
    const text = 'import "express";\nimport "../../db/src/index.ts";\n';
    writeFileSync(join(copy, "packages/tls/src/joined.ts"), text);
  });

  assert.notEqual(result.status, 0);
  assert.match(result.stdout + result.stderr, /cannot import package `express`/);
  assert.match(result.stdout + result.stderr, /leaves the package/);
});
