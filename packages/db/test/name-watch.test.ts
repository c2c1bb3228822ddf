import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, SettableResolver } from "@sealed/faults";
import { AddressWatch } from "../src/address-watch.ts";
import { DbError } from "../src/index.ts";
import { type NameWatch, watchName } from "../src/session/name-watch.ts";

const SECOND_MS = 1_000;

/** A login that has begun: the name was resolved once. */
async function watched(addresses: string[], known = new AddressWatch()) {
  const clock = new FakeClock();
  const resolver = new SettableResolver(addresses);
  const watch: NameWatch = watchName({
    addresses: known,
    host: "db.example.test",
    lookup: resolver.lookup,
    clock,
  });
  await new Promise((resolve) => watch.lookup("db.example.test", { all: true }, resolve));
  const pass = () => clock.advance(SECOND_MS);
  return { clock, resolver, watch, pass };
}

test("a login that hangs on an address which the name has left is ended, and says where the name went", async () => {
  const { resolver, watch, pass } = await watched(["10.0.0.1"]);
  await pass();
  assert.equal(watch.moved.aborted, false);

  resolver.addresses = ["10.0.0.2"];
  await pass();

  const reason: unknown = watch.moved.reason;
  assert.ok(reason instanceof DbError);
  assert.deepEqual([reason.code, reason.retryable], ["DB_UNREACHABLE", true]);
  assert.match(reason.message, /moved from 10\.0\.0\.1 to 10\.0\.0\.2/);
});

test("a login goes on while the name keeps one of its addresses, or cannot be resolved", async () => {
  const { resolver, watch, pass } = await watched(["10.0.0.1", "10.0.0.2"]);

  resolver.addresses = ["10.0.0.2", "10.0.0.3"];
  await pass();
  resolver.addresses = [];
  await pass();

  assert.equal(watch.moved.aborted, false);
});

test("where a name answers with one of its addresses at a time, that ends one login at the most", async () => {
  const known = new AddressWatch();
  const ended: boolean[] = [];
  for (let login = 0; login < 20; login++) {
    const { resolver, watch, clock } = await watched(["10.0.0.1"], known);
    for (let look = 0; look < 8; look++) {
      resolver.addresses = [look % 2 === 0 ? "10.0.0.2" : "10.0.0.1"];
      await clock.advance(250);
    }
    watch.close();
    ended.push(watch.moved.aborted);
  }

  assert.ok(ended.filter(Boolean).length <= 1, ended.join());
});

test("a login that has ended looks no more", async () => {
  const { clock, resolver, watch, pass } = await watched(["10.0.0.1"]);

  watch.close();
  const asked = resolver.asked;
  await pass();

  assert.deepEqual([resolver.asked, clock.pending], [asked, 0]);
});
