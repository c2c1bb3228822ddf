import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { type IssuedCertificate, privateCa } from "../../src/ca/index.ts";
import { type BalancedTopology, startLoadBalancer } from "../../src/load-balancer/index.ts";
import { freePort } from "../../src/process/index.ts";
import type { Instance } from "./instance.ts";
import { sharedPrograms } from "./programs.ts";

/** A folder that is gone after the tests. */
export const dir = await mkdtemp(join(tmpdir(), "sealed-lb-"));
after(() => rm(dir, { recursive: true, force: true }));

/** The authority that signs what clients see, and the certificate by which they trust it. */
export const ca = await privateCa({ dir });
export const trusted = ca.certificatePem;

/** An instance's certificate that nobody else signed. */
export const selfSigned = await ca.issue({ selfSigned: true });

/** Starts a load balancer in front of instances; a classic one trusts the pinned certificates alone. */
export async function balance(
  topology: BalancedTopology,
  instances: Instance[],
  pinned: IssuedCertificate[] = [],
) {
  return startLoadBalancer({
    dir,
    programs: await sharedPrograms(),
    topology,
    port: await freePort(),
    instances,
    pinnedCertificatesPem: pinned.map(({ certificatePem }) => certificatePem),
  });
}
