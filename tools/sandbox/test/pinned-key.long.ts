import assert from "node:assert/strict";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { IssuedCertificate } from "@sealed/servers";
import { CertificateFiles, untilServed } from "./drill/certificate-files.ts";
import { type HalfSent, sendHalf } from "./drill/half-sent.ts";
import { flawsOf, type LoadReport, lostRequests, reportLine, serverErrors } from "./drill/load-report.ts";
import { type DrilledPath, openPath } from "./drill/path.ts";
import { underLoad } from "./drill/under-load.ts";

const ROTATIONS = 10;
const PER_SECOND = 100;
// At least one for each instance and more.
const NEW_CONNECTIONS = 8;

/** A path whose load balancer pins the key that all instances serve from files. */
interface PinnedPath extends AsyncDisposable {
  path: DrilledPath;
  current: IssuedCertificate;
  /** Lets every instance serve another key, and returns once each does. */
  serve(pair: IssuedCertificate): Promise<void>;
  issue(): Promise<IssuedCertificate>;
}

async function openPinnedPath(): Promise<PinnedPath> {
  const files: CertificateFiles[] = [];
  let first: IssuedCertificate | undefined;
  const path = await openPath({
    topology: "clb-backend-auth",
    instances: 2,
    prepare: async (ca) => {
      first = await ca.issue({ selfSigned: true });
      return { pinnedCertificatesPem: [first.certificatePem] };
    },
    settings: async (index, paths) => {
      assert.ok(first);
      const own = await CertificateFiles.open(join(paths.run, String(index)), first);
      files.push(own);
      return { certificate: own.describe(first) };
    },
  });
  assert.ok(first);
  return {
    path,
    current: first,
    issue: () => path.ca.issue({ selfSigned: true }),
    async serve(pair) {
      for (const [index, own] of files.entries()) {
        await own.replace(pair);
        await untilServed(path.instances[index]?.port ?? 0, pair);
      }
    },
    [Symbol.asyncDispose]: () => path[Symbol.asyncDispose](),
  };
}

function load(path: DrilledPath, drill: () => Promise<void>): Promise<LoadReport> {
  const plan = { port: path.port, caPem: path.ca.certificatePem, perSecond: PER_SECOND, label: "pinned" };
  return underLoad(plan, drill);
}

/** Returns how many connections the load balancer has opened to instances for requests so far. */
async function connectionsOpened({ balancer }: DrilledPath): Promise<number> {
  const [header = "", ...rows] = (await balancer.command("show stat")).split("\n");
  const [name, connects] = ["svname", "connect"].map((column) => header.split(",").indexOf(column));
  return rows
    .map((row) => row.split(","))
    .filter((cells) => cells[name ?? 0]?.startsWith("app-"))
    .reduce((sum, cells) => sum + Number(cells[connects ?? 0]), 0);
}

/** Returns the status of a request that is made whole and ended now. */
async function finish({ call, rest }: HalfSent): Promise<number> {
  const answered = once(call, "response");
  call.end(rest);
  const [response] = await answered;
  await once(response.resume(), "end");
  return response.statusCode as number;
}

/** Holds requests until the load balancer had to open new connections, and returns the statuses of all. */
async function askOnNewConnections(path: DrilledPath): Promise<Set<number>> {
  const before = await connectionsOpened(path);
  const held: HalfSent[] = [];
  while ((await connectionsOpened(path)) < before + NEW_CONNECTIONS) {
    held.push(sendHalf(path));
    await delay(5);
  }
  return new Set(await Promise.all(held.map(finish)));
}

test("the pinned key is rotated ten times under load, with two keys trusted in between, and no request fails", {
  timeout: 180_000,
}, async (t) => {
  await using pinned = await openPinnedPath();
  const { path } = pinned;
  let { current } = pinned;

  const report = await load(path, async () => {
    for (let rotation = 1; rotation <= ROTATIONS; rotation++) {
      const next = await pinned.issue();
      await path.balancer.trustCertificates([current.certificatePem, next.certificatePem]);
      await pinned.serve(next);
      await path.balancer.trustCertificates([next.certificatePem]);
      current = next;
      // Those from the time of another key stay open and would hide that the new one is refused.
      assert.deepEqual([...(await askOnNewConnections(path))], [201]);
    }
  });

  t.diagnostic(reportLine(report));
  assert.deepEqual(Object.keys(report.outcomes).sort(), ["200", "201"]);
  assert.deepEqual(flawsOf(report, { perSecond: PER_SECOND }), []);
});

test("a key that was rotated out is refused when an instance serves it again", {
  timeout: 60_000,
}, async () => {
  await using pinned = await openPinnedPath();
  const { path, current } = pinned;
  const next = await pinned.issue();
  await path.balancer.trustCertificates([current.certificatePem, next.certificatePem]);
  await pinned.serve(next);
  await path.balancer.trustCertificates([next.certificatePem]);
  assert.equal((await path.balancer.healthyInstances()).length, 2);

  await pinned.serve(current);

  while ((await path.balancer.healthyInstances()).length > 0) await delay(25);
  assert.equal(await finish(sendHalf(path)), 503);
});

for (const { order, steps } of [
  { order: "the new key is trusted alone before it is served", steps: ["trust", "serve"] },
  { order: "the new key is served before it is trusted", steps: ["serve", "trust"] },
] as const) {
  test(`a rotation without the overlap fails requests: ${order}`, { timeout: 60_000 }, async (t) => {
    await using pinned = await openPinnedPath();
    const { path } = pinned;
    const next = await pinned.issue();
    const step = {
      trust: () => path.balancer.trustCertificates([next.certificatePem]),
      serve: () => pinned.serve(next),
    };

    const report = await load(path, async () => {
      await step[steps[0]]();
      while ((await path.balancer.healthyInstances()).length > 0) await delay(25);
      await delay(500);
      await step[steps[1]]();
      while ((await path.balancer.healthyInstances()).length < 2) await delay(25);
    });

    t.diagnostic(reportLine(report));
    assert.ok(lostRequests(report) + serverErrors(report) > 0, JSON.stringify(report.outcomes));
  });
}
