import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { test } from "node:test";
import type { Topology } from "@sealed/infra/topologies";
import { askInstances } from "../../src/verify/app/ask-instances.ts";
import type { HopsReport } from "../../src/verify/app/hops-report.ts";
import type { Sighting } from "../../src/verify/app/sighting.ts";
import type { Deployed } from "../../src/verify/aws/deployed.ts";
import { instanceFingerprints } from "../../src/verify/aws/instance-fingerprints.ts";
import { startClaiming } from "../support/verify/claiming.ts";
import { ownAuthority } from "../support/verify/own-authority.ts";

const { ca, certificate } = await ownAuthority();
const own = new X509Certificate(certificate.certificatePem);
const strangers = new X509Certificate((await ca.issue()).certificatePem);

/** An answer in the name of app-1, with this certificate published, and served where the app ends the client's TLS. */
function answer(certificate: X509Certificate): Sighting {
  const { fingerprint256 } = certificate;
  const hop = { id: "lb-app", peer: { fingerprint256 } };
  const report = { instance: "app-1", hops: [hop] } as unknown as HopsReport;
  return { report, headers: {}, tls: { protocol: "TLSv1.3", cipher: "any", group: null, certificate } };
}

/** Compares what came in the name of app-1 with what its log says, and returns what is wrong. */
function wrongOf(topology: Topology, sightings: readonly Sighting[]): string[] {
  const deployed = { deployment: { config: { topology } }, instanceIds: ["i-0aaa"] } as unknown as Deployed;
  const published = [{ instanceId: "i-0aaa", name: "app-1", fingerprint256: own.fingerprint256 }];
  return instanceFingerprints(deployed, { published, sightings, isProbed: false, served: undefined })
    .filter(({ status }) => status === "failed")
    .map(({ hop, id, subject }) => `${hop} ${id} ${subject}`);
}

for (const [topology, wrong] of [
  ["alb-reencrypt", ["lb-app fingerprint app-1"]],
  ["nlb-passthrough", ["lb-app fingerprint app-1", "client-lb fingerprint app-1"]],
] as const) {
  test(`of answers in one name of ${topology} the one with a stranger's certificate counts, first or last`, () => {
    assert.deepEqual(wrongOf(topology, [answer(own), answer(own)]), []);
    assert.deepEqual(wrongOf(topology, [answer(strangers), answer(own)]), wrong);
    assert.deepEqual(wrongOf(topology, [answer(own), answer(strangers)]), wrong);
  });
}

test("an instance that nobody knows of is named where all are known, and is no fault where it may be new", async () => {
  const instances = ["stranger", "app-1"];
  const wrongWhere = async (areAllKnown: boolean) => {
    await using path = await startClaiming({ topology: "alb-reencrypt", certificate, instances });
    const { checks } = await askInstances(
      {
        origin: "sandbox",
        url: new URL(path.url),
        topology: "alb-reencrypt",
        trust: { kind: "authorities" },
        httpPort: undefined,
        instances: [],
        instanceNames: ["app-1"],
        areAllKnown,
        hopsPage: "on",
      },
      new AbortController().signal,
    );
    return checks.filter(({ status }) => status === "failed").map(({ id, seen }) => `${id}: ${seen}`);
  };

  assert.deepEqual(await wrongWhere(true), ["strangers: answered too: stranger"]);
  assert.deepEqual(await wrongWhere(false), []);
});
