import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProcessExit } from "@sealed/servers";
import { createParts, type Part } from "../src/parts.ts";

interface FakePart extends Part {
  end(exit: ProcessExit): void;
}

function fakePart(name: string, closed: string[], changes: Partial<Part> = {}): FakePart {
  const { promise: exited, resolve: end } = Promise.withResolvers<ProcessExit>();
  const close = async () => {
    closed.push(name);
    end({ code: null, signal: "SIGTERM" });
  };
  return { name, layer: "app", exited, log: () => "", close, end, ...changes };
}

test("a part that ends by itself is told with its name, its exit and the tail of its log", async () => {
  const parts = createParts();
  const log = () => Array.from({ length: 50 }, (_, index) => `line ${index + 1}\n`).join("");
  const part = fakePart("the database", [], { log });
  parts.add(part);

  part.end({ code: 1, signal: null });

  await assert.rejects(parts.failure, (error: Error & { code: string }) => {
    assert.equal(error.code, "SANDBOX_PART_ENDED");
    assert.match(error.message, /^the database ended by itself \(exit code 1\)/);
    assert.match(error.message, /line 31\n[\s\S]*line 50$/);
    assert.doesNotMatch(error.message, /line 30\n/);
    return true;
  });
});

test("a part that may end does not take the others with it", async () => {
  const parts = createParts();
  const part = fakePart("the instance app-1", [], { mayEnd: ({ code }) => code === 0 });
  parts.add(part);

  part.end({ code: 0, signal: null });

  const winner = await Promise.race([
    parts.failure,
    new Promise((resolve) => setImmediate(resolve, "goes on")),
  ]);
  assert.equal(winner, "goes on");
});

test("parts are closed from the front to the database, and that is no failure", async () => {
  const closed: string[] = [];
  const parts = createParts();
  parts.add(fakePart("database", closed, { layer: "database" }));
  parts.add(fakePart("app", closed));
  parts.add(fakePart("load balancer", closed, { layer: "front" }));

  await parts.close();

  assert.deepEqual(closed, ["load balancer", "app", "database"]);
  const winner = await Promise.race([
    parts.failure,
    new Promise((resolve) => setImmediate(resolve, "no failure")),
  ]);
  assert.equal(winner, "no failure");
});

test("a part that cannot be closed keeps no other one running, least of all the database, and is told", async () => {
  const closed: string[] = [];
  const parts = createParts();
  const close = () => Promise.reject(new Error("its folder is gone"));
  parts.add(fakePart("database", closed, { layer: "database" }));
  parts.add(fakePart("app", closed));
  parts.add(fakePart("load balancer", closed, { layer: "front", close }));

  await assert.rejects(parts.close(), /its folder is gone/);

  assert.deepEqual(closed, ["app", "database"]);
});
