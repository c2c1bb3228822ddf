import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type IssuedCertificate, type PrivateCa, privateCa } from "../../src/ca/index.ts";
import {
  type BalancedTopology,
  type LoadBalancer,
  startLoadBalancer,
} from "../../src/load-balancer/index.ts";
import { freePort } from "../../src/process/index.ts";
import { get, untilStatus } from "./client.ts";
import { type Instance, startInstance } from "./instance.ts";
import { sharedPrograms } from "./programs.ts";

const timeout = 30_000;
let dir: string;
let ca: PrivateCa;
let first: IssuedCertificate;
let second: IssuedCertificate;

before(async () => {
  // Names that a person gives to a folder.
  dir = await mkdtemp(join(tmpdir(), "sealed 'trüst' \\ #1; \"-"));
  ca = await privateCa({ dir });
  [first, second] = await Promise.all([ca.issue({ selfSigned: true }), ca.issue({ selfSigned: true })]);
});
after(() => rm(dir, { recursive: true, force: true }));

async function balance(instance: Instance, topology: BalancedTopology): Promise<LoadBalancer> {
  return startLoadBalancer({
    dir,
    programs: await sharedPrograms(),
    topology,
    port: await freePort(),
    instances: [instance],
    pinnedCertificatesPem: [first.certificatePem],
  });
}

test("another pinned key is taken while the load balancer runs, and the old one is refused", {
  timeout,
}, async () => {
  await using instance = await startInstance("app-1", second);
  await using balancer = await balance(instance, "clb-backend-auth");
  assert.equal((await get(balancer.port, ca.certificatePem)).status, 503);

  await balancer.trustCertificates([first.certificatePem, second.certificatePem]);
  assert.equal((await untilStatus(balancer.port, ca.certificatePem, 200)).body, "app-1");
  await balancer.trustCertificates([first.certificatePem]);
  const refused = await untilStatus(balancer.port, ca.certificatePem, 503);

  assert.equal(refused.body, "");
});

test("certificates that cannot be pinned are refused, and the pinned ones stay", { timeout }, async () => {
  await using instance = await startInstance("app-1", first);
  await using balancer = await balance(instance, "clb-backend-auth");
  await untilStatus(balancer.port, ca.certificatePem, 200);
  const code = "SERVERS_LOAD_BALANCER_FAILED";

  await assert.rejects(balancer.trustCertificates([]), { code, message: /at least one/ });
  await assert.rejects(balancer.trustCertificates(["no certificate"]), { code, message: /did not take/ });

  assert.equal((await get(balancer.port, ca.certificatePem)).status, 200);
});

test("a load balancer that pins nothing takes no pinned key", { timeout }, async () => {
  await using instance = await startInstance("app-1", first);
  await using balancer = await balance(instance, "alb-reencrypt");

  await assert.rejects(balancer.trustCertificates([second.certificatePem]), {
    code: "SERVERS_LOAD_BALANCER_FAILED",
    message: /got alb-reencrypt/,
  });
});
