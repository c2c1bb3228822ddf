import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, misbehaving, SettableClock, SettableResolver, settled } from "../src/index.ts";

/** Stands for an `Auth` or a `CertSource`: a method that fetches, one that does not, and a private field. */
class Source {
  readonly name = "source";
  #served = 0;

  async fetch(prefix: string): Promise<string> {
    this.#served += 1;
    return `${prefix}${this.#served}`;
  }

  served(): number {
    return this.#served;
  }
}

test("an object that is not told to misbehave does its work, and its calls are counted", async () => {
  const source = misbehaving(new Source());

  assert.equal(await source.subject.fetch("a"), "a1");
  assert.equal(source.subject.served(), 1);
  assert.equal(source.subject.name, "source");
  assert.deepEqual([source.calls("fetch"), source.calls("served")], [1, 1]);
});

test("a failure lasts for the calls that were named, or until it is healed", async () => {
  const source = misbehaving(new Source());
  const failure = new Error("as told");

  source.make("fetch", { fail: failure }, 2);
  await assert.rejects(source.subject.fetch("a"), failure);
  await assert.rejects(source.subject.fetch("a"), failure);
  assert.equal(await source.subject.fetch("a"), "a1");

  source.make("fetch", { fail: failure });
  for (let n = 0; n < 5; n++) await assert.rejects(source.subject.fetch("a"), failure);
  source.heal();
  assert.equal(await source.subject.fetch("a"), "a2");
});

test("a call that hangs settles when it is healed, and not before", async () => {
  const source = misbehaving(new Source());
  source.make("fetch", { hang: true }, 1);
  let answer: string | undefined;
  const hanging = source.subject.fetch("late").then((value) => {
    answer = value;
  });

  await settled();
  assert.equal(answer, undefined);
  assert.equal(await source.subject.fetch("next"), "next1");
  source.heal();
  await hanging;

  assert.equal(answer, "late2");
});

test("a lie may be built on the truth, and a delay changes nothing but the time", async () => {
  const source = misbehaving(new Source());

  source.make("fetch", { lie: async (real) => `not ${await real()}` }, 1);
  assert.equal(await source.subject.fetch("a"), "not a1");
  source.make("fetch", { lie: () => "made up" }, 1);
  assert.equal(await source.subject.fetch("a"), "made up");
  source.make("fetch", { delayMs: 5 }, 1);
  assert.equal(await source.subject.fetch("a"), "a2");
});

test("a fake clock runs what falls due in its order, and its two clocks can be set apart", async () => {
  const clock = new FakeClock();
  const ran: string[] = [];
  const startMs = clock.nowMs();
  clock.after(20, () => ran.push("second"));
  clock.after(10, () => {
    ran.push("first");
    clock.after(5, () => ran.push("started by first"));
  });
  clock.after(30, () => ran.push("never")).cancel();
  clock.after(60, () => ran.push("fourth"));
  clock.after(50, () => ran.push("third"));

  await clock.advance(19);
  assert.deepEqual(ran, ["first", "started by first"]);
  await clock.advance(100);
  clock.stepWall(-50);

  assert.deepEqual(ran, ["first", "started by first", "second", "third", "fourth"]);
  assert.equal(clock.pending, 0);
  assert.deepEqual([clock.elapsedMs(), clock.nowMs() - startMs], [119, 69]);
});

test("a settable clock goes on by itself and skips when it is told", async () => {
  const clock = new SettableClock();
  const [wallMs, elapsedMs] = [clock.nowMs(), clock.elapsedMs()];

  clock.skip(1_000_000);
  clock.stepWall(500_000);
  const fired = Promise.withResolvers<void>();
  clock.after(1, fired.resolve);
  clock.after(0, () => assert.fail("was cancelled")).cancel();
  await fired.promise;

  assert.ok(clock.elapsedMs() - elapsedMs >= 1_000_000 && clock.elapsedMs() - elapsedMs < 1_400_000);
  assert.ok(clock.nowMs() - wallMs >= 1_500_000);
});

test("a resolver answers with the addresses of the moment, or fails", async () => {
  const resolver = new SettableResolver(["127.0.0.2", "::1"]);
  const all = (): Promise<unknown> =>
    new Promise((resolve) =>
      resolver.lookup("db.test", { all: true }, (error, found) => resolve(error ?? found)),
    );
  const one = (): Promise<unknown> =>
    new Promise((resolve) => resolver.lookup("db.test", {}, (error, found) => resolve(error ?? found)));

  assert.deepEqual(await all(), [
    { address: "127.0.0.2", family: 4 },
    { address: "::1", family: 6 },
  ]);
  resolver.addresses = ["127.0.0.3"];
  assert.equal(await one(), "127.0.0.3");
  resolver.addresses = [];
  assert.equal(((await one()) as NodeJS.ErrnoException).code, "ENOTFOUND");
  assert.equal(resolver.asked, 3);
});
