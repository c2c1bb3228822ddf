import assert from "node:assert/strict";
import test from "node:test";
import {
  ageInWords,
  dateInWords,
  daysLeftInWords,
  enumerate,
  groupKind,
  protocolName,
  shortFingerprint,
} from "../src/hops/wording.ts";

test("a key exchange is named post-quantum only when it is", () => {
  assert.equal(groupKind("X25519MLKEM768"), "post-quantum hybrid");
  assert.equal(groupKind("SecP256r1MLKEM768"), "post-quantum hybrid");
  assert.equal(groupKind("SecP384r1MLKEM1024"), "post-quantum hybrid");
  assert.equal(groupKind("MLKEM768"), "post-quantum");
  for (const group of ["X25519", "P-256", "prime256v1", "ffdhe2048"]) {
    assert.equal(groupKind(group), "classical, not post-quantum");
  }
});

test("ages read in the units a person thinks in", () => {
  assert.deepEqual([0, 42_900, 60_000, 252_000, 3_600_000, 7_510_000].map(ageInWords), [
    "0 s",
    "42 s",
    "1 min 0 s",
    "4 min 12 s",
    "1 h 0 min",
    "2 h 5 min",
  ]);
  assert.equal(ageInWords(-5_000), "0 s", "a clock that was set back");
});

test("days left say when none are left", () => {
  assert.deepEqual([-1, 0, 1, 29].map(daysLeftInWords), [
    "expired",
    "ends within a day",
    "1 day left",
    "29 days left",
  ]);
});

test("a fingerprint is shortened to both its ends, and a short one is left alone", () => {
  assert.equal(shortFingerprint("01:02:03:04:05:06:07:08"), "01:02:03 … 06:07:08");
  assert.equal(shortFingerprint("01:02:03:04"), "01:02:03:04");
});

test("names, dates and lists read as people write them", () => {
  assert.equal(protocolName("TLSv1.3"), "TLS 1.3");
  assert.equal(dateInWords("2026-12-21T23:59:59.000Z"), "21 Dec 2026");
  assert.deepEqual([[1], [1, 3], [1, 2, 3]].map(enumerate), ["1", "1 and 3", "1, 2 and 3"]);
});
