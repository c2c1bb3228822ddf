import assert from "node:assert/strict";
import test from "node:test";
import { parseHealthdLog } from "./healthd-log.ts";

test("a line as nginx writes it on Elastic Beanstalk is read", () => {
  const [record] = parseHealthdLog('1437609879.311"/notes"200"0.083"0.083"177.72.242.17\n');

  assert.deepEqual(record, {
    epochSeconds: 1_437_609_879,
    uri: "/notes",
    status: 200,
    requestSeconds: 0.083,
    forwardedFor: "177.72.242.17",
  });
});

for (const [what, text] of [
  ["a line without the sixth field", '1437609879.311"/"200"0.083"0.083\n'],
  ["an empty sixth field", '1437609879.311"/"200"0.083"0.083"\n'],
  ["a quote in the address, which shifts the fields", '1437609879.311"/a"b"200"0.083"0.083"-\n'],
  ["milliseconds where seconds belong", '1437609879311"/"200"0.083"0.083"-\n'],
  ["a duration that is no decimal number", '1437609879.311"/"200"83ms"0.083"-\n'],
  ["a status that is none", '1437609879.311"/"OK"0.083"0.083"-\n'],
  ["a last line that is cut", '1437609879.311"/"200"0.083"0.083"-'],
  ["an empty log", ""],
] as const) {
  test(`${what} is refused`, () => {
    assert.throws(() => parseHealthdLog(text), /healthd would not read|not complete/);
  });
}
