import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import test from "node:test";
import { secretPatterns } from "./secret-patterns.ts";

const root = new URL("..", import.meta.url).pathname;

test("the lock file names no address to download from", () => {
  const { packages } = JSON.parse(readFileSync(`${root}/package-lock.json`, "utf8")) as {
    packages: Record<string, { resolved?: string; link?: boolean }>;
  };
  const addresses = Object.entries(packages).filter(
    ([, entry]) => !entry.link && entry.resolved !== undefined,
  );

  assert.ok(Object.keys(packages).length > 100);
  assert.deepEqual(addresses, []);
});

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
