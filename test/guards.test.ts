import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import test from "node:test";
import { type Guard, withoutGuard } from "./guards/guard.ts";
import { guards } from "./guards/guards.ts";

const root = new URL("..", import.meta.url).pathname;

test("every guard that the drills take out is where the list says, and so are its tests", () => {
  assert.ok(guards.length > 20);
  for (const guard of guards) {
    withoutGuard(readFileSync(root + guard.file, "utf8"), guard);
    for (const file of guard.tests) assert.ok(existsSync(root + file), `${guard.name}: ${file}`);
  }
});

test("a guard whose text has changed is named, not passed over", () => {
  const guard: Guard = { name: "n", file: "f.ts", find: "check();", replace: "", tests: [] };

  assert.equal(withoutGuard("a(); check(); b();", guard), "a();  b();");
  assert.throws(() => withoutGuard("a(); b();", guard), /"n" is 0 times in f\.ts/);
  assert.throws(() => withoutGuard("check(); check();", guard), /"n" is 2 times in f\.ts/);
});
