import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import test from "node:test";
import { secretPatterns } from "./secret-patterns.ts";

const root = new URL("..", import.meta.url).pathname;

for (const lockFile of ["package-lock.json", "bench/package-lock.json"]) {
  test(`${lockFile} names no address to download from, and the digest of all that is downloaded`, () => {
    const { packages } = JSON.parse(readFileSync(root + lockFile, "utf8")) as {
      packages: Record<string, { resolved?: string; link?: boolean; inBundle?: boolean; integrity?: string }>;
    };
    // What a package brings along comes under that package's digest.
    const fetched = Object.entries(packages).filter(
      ([path, { link, inBundle }]) => path.includes("node_modules/") && link !== true && inBundle !== true,
    );
    const addresses = fetched.filter(([, { resolved }]) => resolved !== undefined);
    const unverified = fetched.filter(([, { integrity }]) => integrity === undefined);

    assert.ok(fetched.length > 100);
    assert.deepEqual({ addresses, unverified }, { addresses: [], unverified: [] });
  });
}

test("no tracked file holds a private key, a token or a generated password", () => {
  const files = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" }).split("\0");
  const holders = files
    .filter((file) => file !== "")
    .filter((file) => {
      const text = readFileSync(`${root}/${file}`, "utf8");
      return secretPatterns.some(({ pattern }) => pattern.test(text));
    });

  assert.ok(files.length > 20);
  assert.deepEqual(holders, []);
});
