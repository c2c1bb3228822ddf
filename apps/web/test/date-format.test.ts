import assert from "node:assert/strict";
import test from "node:test";

// First, and the app is not imported above: what is looked at is its loading.
test("loading the app loads no rules of languages, which would take a twentieth of every start", async (t) => {
  const uses = [
    t.mock.method(Intl, "DateTimeFormat"),
    t.mock.method(Intl, "NumberFormat"),
    t.mock.method(Number.prototype, "toLocaleString"),
    t.mock.method(Date.prototype, "toLocaleString"),
    t.mock.method(String.prototype, "localeCompare"),
  ];

  await import("../src/start.ts");

  assert.deepEqual(
    uses.map(({ mock }) => mock.callCount()),
    [0, 0, 0, 0, 0],
  );
});

test("the first date and those after it are written in the same form", async () => {
  const { dateFormat } = await import("../src/date-format.ts");
  const write = dateFormat({ dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });

  assert.equal(write(new Date("2026-12-21T23:59:00Z")), "21 Dec 2026, 23:59");
  assert.equal(write(new Date("2027-01-01T00:00:00Z")), "1 Jan 2027, 00:00");
});
