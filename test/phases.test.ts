import assert from "node:assert/strict";
import test from "node:test";
import { phasesOf } from "./phases.ts";

const root = new URL("..", import.meta.url).pathname;

test("a plain run takes the quick tests, two files at once, and no drill", () => {
  const [quick, ...others] = phasesOf([], root, root);

  assert.deepEqual([quick?.name, quick?.concurrency, others], ["quick", 2, []]);
  assert.ok(quick?.files.includes(`${root}test/phases.test.ts`));
  assert.ok(quick?.files.every((file) => file.endsWith(".test.ts")));
});

test("--long takes the drills of every workspace, one file after the other", () => {
  const [long, ...others] = phasesOf(["--long"], root, root);

  assert.deepEqual([long?.name, long?.concurrency, others], ["long", 1, []]);
  assert.ok(long?.files.every((file) => file.endsWith(".long.ts")));
});

test("--all takes the quick tests, those of bench and the drills, each once", () => {
  const phases = phasesOf(["--all"], root, root);
  const files = phases.flatMap((phase) => phase.files);

  assert.deepEqual(
    phases.map(({ name }) => name),
    ["quick", "bench", "long"],
  );
  assert.equal(new Set(files).size, files.length);
});

test("named files take the place of the patterns, under the rules that were asked for", () => {
  const here = `${root}test`;

  assert.deepEqual(phasesOf(["phases.test.ts"], root, here), [
    { name: "quick", concurrency: 2, timeoutMs: 240_000, files: [`${here}/phases.test.ts`] },
  ]);
  assert.deepEqual(phasesOf(["--long", "guards.long.ts"], root, here), [
    { name: "long", concurrency: 1, timeoutMs: 1_200_000, files: [`${here}/guards.long.ts`] },
  ]);
});

test("a run of nothing, a file that is not there and an unknown option are refused", () => {
  assert.throws(
    () => phasesOf(["none.test.ts"], root, "/here"),
    /there is no test file \/here\/none\.test\.ts/,
  );
  assert.throws(() => phasesOf([], `${root}test/`, root), /no file matches/);
  assert.throws(() => phasesOf(["--longer"], root, root), { name: "UsageError", message: /'--longer'/ });
});
