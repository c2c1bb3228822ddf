import assert from "node:assert/strict";
import test from "node:test";
import { acknowledgements } from "../lib/controls/acknowledgements.ts";
import { match } from "../lib/validation/match.ts";

const finding = { source: "pack", rule: "R1", path: "stack/Bucket/Resource", description: "no key" };
const acknowledgement = { rule: "R1", where: /Bucket/, reason: "because" };

test("a finding with an acknowledgement of its rule and its place is not open", () => {
  const matched = match([finding], [acknowledgement]);

  assert.deepEqual(matched, { open: [], acknowledged: [{ finding, reason: "because" }], unused: [] });
});

test("an acknowledgement of another place leaves the finding open", () => {
  const matched = match([finding], [{ ...acknowledgement, where: /Topic/ }]);

  assert.deepEqual(matched.open, [finding]);
  assert.equal(matched.unused.length, 1);
});

test("an acknowledgement of another rule leaves the finding open", () => {
  assert.deepEqual(match([finding], [{ ...acknowledgement, rule: /^R$/ }]).open, [finding]);
});

test("an acknowledgement that nothing calls for is told", () => {
  assert.deepEqual(match([], [acknowledgement]).unused, [acknowledgement]);
});

test("every acknowledgement has a reason that a reader can weigh", () => {
  for (const { reason } of acknowledgements) assert.ok(reason.length >= 40, reason);
});
