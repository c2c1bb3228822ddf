import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import test, { describe } from "node:test";
import { fileURLToPath } from "node:url";
import type { Guard } from "./guards/guard.ts";
import { guards } from "./guards/guards.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const REMOVE_GUARD = new URL("guards/remove-guard.ts", import.meta.url).href;
/** A test that hangs without its guard counts as red. What it leaves open ends with the process (`--test-force-exit`). */
const TEST_TIMEOUT_MS = 30_000;

/** Most of them wait for deadlines. */
const AT_ONCE = 2;

describe("the suite turns red without", { concurrency: AT_ONCE }, () => {
  for (const guard of guards) {
    test(guard.name, async (t) => {
      const { passed, failed, output } = await runWithout(guard);
      t.diagnostic(`${failed} tests failed, ${passed} passed`);
      assert.ok(failed > 0, `nothing noticed that it is gone:\n${output.slice(-4_000)}`);
      // Where none passes, the code did not load or the machine lacks something: that shows nothing.
      assert.ok(passed > 0, `not one test ran as usual:\n${output.slice(-4_000)}`);
    });
  }
});

async function runWithout(guard: Guard): Promise<{ passed: number; failed: number; output: string }> {
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  const child = spawn(
    process.execPath,
    [
      "--test",
      "--test-force-exit",
      "--test-reporter=tap",
      `--test-timeout=${TEST_TIMEOUT_MS}`,
      ...guard.tests,
    ],
    {
      cwd: root,
      env: { ...environment, NODE_OPTIONS: `--import=${REMOVE_GUARD}?${encodeURIComponent(guard.name)}` },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const output = await text(child.stdout);
  const count = (name: string) => Number(new RegExp(`^# ${name} (\\d+)$`, "m").exec(output)?.[1]);
  return { passed: count("pass"), failed: count("fail") + count("cancelled"), output };
}
