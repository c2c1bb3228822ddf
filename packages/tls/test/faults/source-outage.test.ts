import assert from "node:assert/strict";
import test from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { misbehaving } from "@sealed/faults";
import { fromSecret } from "../../src/aws/index.ts";
import { createTlsServer, type RejectEvent } from "../../src/index.ts";
import { retryDelayMs } from "../../src/timing/backoff.ts";
import { probe } from "../support/client.ts";
import { collect } from "../support/collect.ts";
import { type Issued, issue } from "../support/pki.ts";
import { listen, startServer } from "../support/server.ts";
import { SwitchableSource } from "../support/switchable-source.ts";

const noRequests = () => undefined;
const outage = () => Promise.reject(new Error("the service is away"));

/** Lets promises and immediates run until the condition holds. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await nextTurn();
}

test("does not start when the source fails, and says why", async () => {
  await assert.rejects(createTlsServer(noRequests, { source: { load: outage } }), {
    code: "TLS_NO_CERTIFICATE",
    message: /cannot start without a certificate: .*the service is away/,
  });
});

test("does not start when the source has no answer after ten seconds", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let signal: AbortSignal | undefined;
  const source = {
    load(given?: AbortSignal) {
      signal = given;
      return new Promise<never>(() => undefined);
    },
  };
  const started = createTlsServer(noRequests, { source });
  t.mock.timers.tick(9_999);
  assert.equal(signal?.aborted, false);
  t.mock.timers.tick(1);

  await assert.rejects(started, { code: "TLS_NO_CERTIFICATE", message: /no answer within 10 s/ });
  assert.equal(signal?.aborted, true);
});

test("keeps serving the last good certificate while the source is away, and swaps when it is back", async (t) => {
  const source = new SwitchableSource(await issue());
  const { server, port } = await startServer(t, { source });
  const { fingerprint256 } = server.state();
  source.answer = outage;

  const result = await server.reload();

  assert.equal(typeof result === "object" && result.code, "TLS_SOURCE_FAILED");
  assert.match(server.state().lastRejected?.message ?? "", /the service is away/);
  assert.equal((await probe(port)).fingerprint256, fingerprint256);
  source.give(await issue());
  assert.equal(await server.reload(), "swapped");
});

test("keeps serving when the source hangs, and when it delivers something that is no certificate", async (t) => {
  const source = new SwitchableSource(await issue());
  const server = await createTlsServer(noRequests, { source });
  t.after(() => server[Symbol.asyncDispose]());
  t.mock.timers.enable({ apis: ["setTimeout"] });
  source.answer = () => new Promise(() => undefined);
  const hanging = server.reload();
  t.mock.timers.tick(10_000);
  const hung = await hanging;
  source.answer = async () => undefined as never;
  const nothing = await server.reload();

  assert.equal(typeof hung === "object" && hung.code, "TLS_SOURCE_TIMEOUT");
  assert.equal(typeof nothing === "object" && nothing.code, "TLS_SOURCE_FAILED");
});

/** What Secrets Manager answers when it does not deliver. */
const OUTAGES: readonly [string, Error, RegExp][] = [
  ["denies access", awsError("AccessDeniedException", 400), /AccessDeniedException/],
  [
    "has no such secret, as in another Region",
    awsError("ResourceNotFoundException", 400),
    /ResourceNotFound/,
  ],
  ["fails", awsError("InternalServiceError", 500), /InternalServiceError/],
  ["throttles", awsError("ThrottlingException", 400), /ThrottlingException/],
  ["cannot decrypt", awsError("DecryptionFailure", 400), /DecryptionFailure/],
  ["cannot be reached", Object.assign(new Error("connect"), { name: "TimeoutError" }), /TimeoutError/],
];

function awsError(name: string, httpStatusCode: number): Error {
  return Object.assign(new Error("as told"), { name, $metadata: { httpStatusCode } });
}

for (const [what, failure, reason] of OUTAGES) {
  test(`keeps the old certificate while Secrets Manager ${what}, says so, and swaps when it is over`, async (t) => {
    const [first, second] = [await issue(), await issue()];
    const answers = { VersionId: "v1", SecretString: JSON.stringify(pairOf(first)) };
    const client = misbehaving({ send: async () => ({ ...answers, $metadata: {} }) });
    const { server, port } = await startServer(t, {
      source: fromSecret({ client: client.subject, secretId: "tls" }),
    });
    const { fingerprint256 } = server.state();
    client.make("send", { fail: failure });

    const result = await server.reload();

    assert.equal(typeof result === "object" && result.code, "TLS_SOURCE_FAILED");
    assert.match(server.state().lastRejected?.message ?? "", reason);
    assert.equal((await probe(port)).fingerprint256, fingerprint256);
    Object.assign(answers, { VersionId: "v2", SecretString: JSON.stringify(pairOf(second)) });
    client.heal();
    assert.equal(await server.reload(), "swapped");
    assert.equal(server.state().rejections, 1);
  });
}

function pairOf({ key, cert }: Issued) {
  return { key, cert };
}

test("tries again by itself after an outage, without anyone asking", async (t) => {
  const source = new SwitchableSource(await issue());
  const server = await createTlsServer(noRequests, { source });
  t.after(() => server[Symbol.asyncDispose]());
  await listen(server);
  t.mock.timers.enable({ apis: ["setTimeout"] });
  source.answer = outage;
  await server.reload();
  await server.reload();
  const loadsBefore = source.loads;
  source.give(await issue());
  t.mock.timers.tick(2_000);
  await until(() => server.state().swaps === 1);

  assert.equal(source.loads, loadsBefore + 1);
});

test("takes up a certificate that was refused as too early once its time has come", async (t) => {
  let now = Date.now();
  const source = new SwitchableSource(await issue());
  const server = await createTlsServer(noRequests, { source, now: () => now });
  t.after(() => server[Symbol.asyncDispose]());
  t.mock.timers.enable({ apis: ["setTimeout"] });
  source.give(await issue({ notBefore: new Date(now + 3_600_000) }));
  await server.reload();
  now += 3_600_000;
  t.mock.timers.tick(1_000);
  await until(() => server.state().swaps === 1);

  assert.equal(server.state().lastRejected?.code, "TLS_CERT_NOT_YET_VALID");
});

test("tells of a lasting outage once, and again when its reason changes", async (t) => {
  const events = collect<RejectEvent>(t, "tls:reject");
  const source = new SwitchableSource(await issue());
  const { server } = await startServer(t, { source });
  source.answer = outage;
  for (let attempt = 0; attempt < 5; attempt++) await server.reload();
  source.give({ key: "", cert: "" });
  await server.reload();

  assert.deepEqual(
    events.map(({ code }) => code),
    ["TLS_SOURCE_FAILED", "TLS_CERT_EMPTY"],
  );
});

test("tells again of an outage that follows a recovery", async (t) => {
  const events = collect<RejectEvent>(t, "tls:reject");
  const good = await issue();
  const source = new SwitchableSource(good);
  const { server } = await startServer(t, { source });
  for (let outageNumber = 0; outageNumber < 2; outageNumber++) {
    source.answer = outage;
    await server.reload();
    source.give(good);
    await server.reload();
  }

  assert.equal(events.length, 2);
});

test("waits longer after each failure, five minutes at most, less by up to half at random", () => {
  const longest = [1, 2, 3, 9, 10, 50].map((failures) => retryDelayMs(failures, () => 0));
  const shortest = [1, 2, 3, 9, 10, 50].map((failures) => retryDelayMs(failures, () => 1));

  assert.deepEqual(longest, [1_000, 2_000, 4_000, 256_000, 300_000, 300_000]);
  assert.deepEqual(shortest, [500, 1_000, 2_000, 128_000, 150_000, 150_000]);
});
