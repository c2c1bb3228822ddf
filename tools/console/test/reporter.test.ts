import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { createReporter } from "../src/reporter.ts";

function capture(): { output: PassThrough; text(): string } {
  const output = new PassThrough({ encoding: "utf8" });
  let text = "";
  output.on("data", (chunk: string) => {
    text += chunk;
  });
  return { output, text: () => text };
}

test("away from a terminal each step is one plain line with its seconds, progress lines before it", async () => {
  const { output, text } = capture();
  const reporter = await createReporter({ output, isInteractive: false, hasColor: true });

  const result = await reporter.step("programs", async (progress) => {
    progress("unpacking 3 packages");
    return 7;
  });
  reporter.line("done");

  assert.equal(result, 7);
  assert.match(text(), /^ {2}programs: unpacking 3 packages\n {2}programs {2}\d+\.\d s\ndone\n$/);
});

test("progress that is only passing by can be left out of a log", async () => {
  const { output, text } = capture();
  const terminal = { output, isInteractive: false, hasColor: false };
  const reporter = await createReporter(terminal, { progressLines: false });

  await reporter.step("deploy", async (progress) => progress("3 of 12 resources"));

  assert.match(text(), /^ {2}deploy {2}\d+\.\d s\n$/);
});

test("a step that fails says so and passes its error on", async () => {
  const { output, text } = capture();
  const reporter = await createReporter({ output, isInteractive: false, hasColor: false });

  await assert.rejects(
    reporter.step("database", () => Promise.reject(new Error("no"))),
    /^Error: no$/,
  );
  assert.equal(text(), "  database  failed\n");
});

test("on a terminal without colors the spinner writes none, and steps side by side all end with a line", async () => {
  const { output, text } = capture();
  const nothing = () => undefined;
  Object.assign(output, {
    isTTY: true,
    columns: 80,
    cursorTo: nothing,
    clearLine: nothing,
    moveCursor: nothing,
  });
  const reporter = await createReporter({ output, isInteractive: true, hasColor: false });

  await Promise.all([
    reporter.step("one", async (progress) => progress("half way")),
    reporter.step("two", () => Promise.resolve()),
  ]);
  reporter.line("ready");

  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence is what is looked for.
  assert.doesNotMatch(text(), /\u001b\[3\dm/);
  assert.match(text(), /✔ one {2}\d+\.\d s\n/);
  // No control character may stand before a line that programs wait for.
  assert.match(text(), /✔ two {2}\d+\.\d s\nready\n$/);
});
