import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import test from "node:test";

const root = new URL("..", import.meta.url).pathname;
const CODE = /"((?:DB|TLS|WEB|SERVERS|SANDBOX|BUNDLE|SEALED)_[A-Z_]+)"/g;

test("the error reference has a row for each code of the source, and for no other", () => {
  const page = readFileSync(`${root}/docs/reference/errors.md`, "utf8");
  const documented = [...page.matchAll(/^\| `([A-Z_]+)` \| \S.* \| \S.* \|$/gm)].map(([, code]) => code);
  const files = globSync("{apps,packages,tools}/*/src/errors.ts", { cwd: root });
  const declared = files.flatMap((file) =>
    [...readFileSync(`${root}/${file}`, "utf8").matchAll(CODE)].map(([, code]) => code),
  );

  assert.ok(files.length >= 5);
  assert.deepEqual(documented.sort(), [...new Set(declared)].sort());
});
