import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import type { Topology } from "@sealed/infra/topologies";
import { privateCa } from "@sealed/servers";
import type { World } from "../world.ts";
import { deployedAccount } from "./deployed-account.ts";
import { deployedModel, type Model } from "./deployed-model.ts";
import { INSTANCES } from "./deployed-names.ts";
import { type FrontModel, startModelledFront } from "./modelled-front.ts";
import { type Verified, verify } from "./verified.ts";

const directory = mkdtempSync(join(tmpdir(), "sealed-deployed-"));
after(() => rmSync(directory, { recursive: true }));
const ca = await privateCa({ dir: directory });
const [internal, ofDomain, ofApp, ofOther] = await Promise.all([
  ca.issue({ hosts: ["sandbox.internal"], selfSigned: true }),
  ca.issue({ hosts: ["localhost"], selfSigned: true }),
  ca.issue({ hosts: ["localhost"], selfSigned: true }),
  ca.issue({ hosts: ["localhost"], selfSigned: true }),
]);

/** File with the certificate at the load balancer, for a deployment whose domain has a public one. */
const caFile = join(directory, "shown.pem");
writeFileSync(caFile, ofDomain.certificatePem);

/** A certificate that nobody of the deployment has, and the fingerprint of another such. */
export const STRANGERS_PEM = ofDomain.certificatePem;
export const STRANGER = `${"AB:".repeat(31)}CD`;

/** A deployment whose public address is a real TLS server here, and whose account is a model. */
export interface DeployedPath extends AsyncDisposable {
  model: Model;
  front: FrontModel;
  account: ReturnType<typeof deployedAccount>;
  /** `CA` in the options stands for a file with the certificate that clients see. */
  verify(args?: string, world?: World): Promise<Verified>;
}

/** Starts one on which everything is as it was deployed; a test changes something before it verifies. */
export async function startDeployedPath(
  topology: Topology = "alb-reencrypt",
  { hasDomain = false } = {},
): Promise<DeployedPath> {
  const shown = hasDomain ? ofDomain : internal;
  const endsAtApp = topology === "nlb-passthrough" || topology === "single-instance";
  const fingerprintOf = (pem: string) => new X509Certificate(pem).fingerprint256;
  // Where the app ends the client's TLS, one server can be one instance only.
  const names = INSTANCES.slice(0, topology === "single-instance" ? 1 : 2).map(({ name }) => name);
  const fingerprints = Object.fromEntries(
    names.map((name, index) => [
      name,
      fingerprintOf((endsAtApp || index === 0 ? ofApp : ofOther).certificatePem),
    ]),
  );
  const front: FrontModel = {
    topology,
    certificate: endsAtApp ? ofApp : shown,
    fingerprints,
    hopsPage: "on",
  };
  const running = await startModelledFront(front);
  const model = deployedModel({
    url: running.url,
    topology,
    certificatePem: shown.certificatePem,
    fingerprints,
  });
  const account = deployedAccount(model);
  const lesson = topology === "alb-terminate" ? "--lesson" : "";
  return {
    model,
    front,
    account,
    verify: (args = "", world = {}) =>
      verify(
        `--deployed --topology ${topology} ${lesson} ${args.replace("CA", caFile)}`
          .replaceAll(/ +/g, " ")
          .trim(),
        world,
      ),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}
