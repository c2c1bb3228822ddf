import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import {
  defaultDirectory,
  ensurePrograms,
  freePort,
  type IssuedCertificate,
  type PrivateCa,
  privateCa,
  startLoadBalancer,
} from "@sealed/servers";
import {
  CertificateFiles,
  fingerprintOf,
  servedFingerprint,
  untilServed,
} from "./drill/certificate-files.ts";
import type { CertificateServerHandlers } from "./drill/certificate-server.ts";
import { startHelper } from "./drill/helper.ts";
import { flawsOf, reportLine } from "./drill/load-report.ts";
import { openPath } from "./drill/path.ts";
import { seenPolicy } from "./drill/seen-policy.ts";
import { underLoad } from "./drill/under-load.ts";

const PER_SECOND = 300;
const SWAPS = 1_000;
// The app waits 200 ms for further changes of its files before it looks at them.
const SWAPS_OF_THE_APP = 60;
const PAIRS = 12;

function pairsFrom(ca: PrivateCa): Promise<IssuedCertificate[]> {
  return Promise.all(Array.from({ length: PAIRS }, () => ca.issue()));
}

test("a certificate swapped a thousand times under load fails no request, and every next handshake sees the new one", {
  timeout: 200_000,
}, async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "sealed-swaps-"));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const ca = await privateCa({ dir: directory });
  const pairs = await pairsFrom(ca);
  const files = await CertificateFiles.open(join(directory, "files"), pairs[0] as IssuedCertificate);
  await using server = await startHelper<CertificateServerHandlers>("certificate-server.ts");
  const port = await server.ask("listen", { keyPath: files.keyFile, certPath: files.certificateFile });
  await using balancer = await startLoadBalancer({
    dir: directory,
    programs: await ensurePrograms({ dir: defaultDirectory }),
    // The one that hands the client's handshake to the instance.
    topology: "nlb-passthrough",
    port: await freePort(),
    instances: [{ name: "app-1", host: "127.0.0.1", port }],
  });
  const policy = await seenPolicy(port);
  const { failedHandshakes: refusedBefore } = await server.ask("report", null);
  const plan = { port: balancer.port, caPem: ca.certificatePem, perSecond: PER_SECOND, label: "swaps" };

  const load = await underLoad(plan, async () => {
    for (let swap = 1; swap <= SWAPS; swap++) {
      const next = pairs[swap % PAIRS] as IssuedCertificate;
      await files.replace(next);
      await server.ask("untilSwapped", swap);
      assert.equal(await servedFingerprint(port), fingerprintOf(next), `handshake after swap ${swap}`);
    }
  });

  const report = await server.ask("report", null);
  t.diagnostic(reportLine(load));
  t.diagnostic(JSON.stringify(report));
  assert.deepEqual(Object.keys(load.outcomes).sort(), ["200", "201"]);
  assert.deepEqual(flawsOf(load, plan), []);
  assert.equal(report.swaps, SWAPS);
  assert.equal(report.failedHandshakes, refusedBefore);
  assert.deepEqual(await seenPolicy(port), policy);
});

test("the app takes certificate after certificate from its files under load and fails no request", {
  timeout: 120_000,
}, async (t) => {
  let pairs: IssuedCertificate[] = [];
  let files: CertificateFiles | undefined;
  await using path = await openPath({
    topology: "nlb-passthrough",
    instances: 1,
    prepare: async (ca) => {
      pairs = await pairsFrom(ca);
      return {};
    },
    settings: async (_index, paths) => {
      const first = pairs[0] as IssuedCertificate;
      files = await CertificateFiles.open(join(paths.run, "files"), first);
      return { certificate: files.describe(first) };
    },
  });
  const port = path.instances[0]?.port ?? 0;
  const policy = await seenPolicy(port);
  const plan = { port: path.port, caPem: path.ca.certificatePem, perSecond: 100, label: "app swaps" };

  const load = await underLoad(plan, async () => {
    for (let swap = 1; swap <= SWAPS_OF_THE_APP; swap++) {
      const next = pairs[swap % PAIRS] as IssuedCertificate;
      await files?.replace(next);
      await untilServed(port, next);
    }
  });

  t.diagnostic(reportLine(load));
  assert.deepEqual(Object.keys(load.outcomes).sort(), ["200", "201"]);
  assert.deepEqual(flawsOf(load, plan), []);
  assert.deepEqual(await seenPolicy(port), policy);
});
