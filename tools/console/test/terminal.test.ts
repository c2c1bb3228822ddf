import assert from "node:assert/strict";
import { Writable } from "node:stream";
import test from "node:test";
import { terminalOf } from "../src/terminal.ts";

for (const [what, stream, environment, isInteractive, hasColor] of [
  ["a terminal", { isTTY: true, columns: 80 }, {}, true, true],
  ["a pipe or a file", {}, {}, false, false],
  ["a terminal with NO_COLOR", { isTTY: true, columns: 80 }, { NO_COLOR: "1" }, true, false],
  ["a terminal with an empty NO_COLOR", { isTTY: true, columns: 80 }, { NO_COLOR: "" }, true, true],
  ["a terminal that cannot move its cursor", { isTTY: true, columns: 80 }, { TERM: "dumb" }, false, true],
  ["a terminal of a CI system", { isTTY: true, columns: 80 }, { CI: "true" }, false, true],
  ["a terminal that nobody gave a size", { isTTY: true, columns: 0 }, {}, false, true],
] as const) {
  test(`${what} gets ${isInteractive ? "progress in place" : "plain lines"} ${hasColor ? "with" : "without"} colour`, () => {
    const output = Object.assign(new Writable(), stream);

    const terminal = terminalOf(output, environment);

    assert.deepEqual([terminal.isInteractive, terminal.hasColor], [isInteractive, hasColor]);
  });
}
