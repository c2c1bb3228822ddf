import assert from "node:assert/strict";
import test from "node:test";
import { parseOptions } from "./options.ts";

test("a soak takes twenty minutes, or as many as it is told", () => {
  assert.deepEqual(parseOptions([]), { minutes: 20 });
  assert.deepEqual(parseOptions(["--minutes", "0.5"]), { minutes: 0.5 });
  assert.equal(parseOptions(["--help"]), "help");
});

test("a wrong argument is named with what was given", () => {
  for (const wrong of ["x", "0", "-1", "Infinity"]) {
    assert.throws(() => parseOptions([`--minutes=${wrong}`]), {
      name: "UsageError",
      message: `--minutes takes a number above 0, got "${wrong}"`,
    });
  }
  assert.throws(() => parseOptions(["--hours", "1"]), { name: "UsageError", message: /'--hours'/ });
});
