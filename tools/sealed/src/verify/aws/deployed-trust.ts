import { X509Certificate } from "node:crypto";
import { GetCertificateCommand } from "@aws-sdk/client-acm";
import type { Trust } from "../target.ts";
import { authorities } from "../targets/address.ts";
import type { Deployed } from "./deployed.ts";
import type { Published } from "./published.ts";

/**
 * Returns what the certificate that clients see is measured by. Without a domain nobody signed it: then it must be
 * the very one that ACM holds, or that the instances publish.
 */
export async function deployedTrust(
  deployed: Deployed,
  published: readonly Published[],
  caFile: string | undefined,
): Promise<Trust> {
  if (caFile !== undefined) return await authorities(caFile);
  const { facts, deployment } = deployed;
  const { domain, instanceCertificate } = deployment.config;
  if (facts.terminatesTls) return domain === undefined ? await imported(deployed) : { kind: "authorities" };
  if (instanceCertificate !== undefined) return { kind: "authorities" };
  const fingerprints256 = published.map(({ fingerprint256 }) => fingerprint256);
  return fingerprints256.length > 0
    ? {
        kind: "exact",
        fingerprints256,
        source: "the instances, which make it themselves and publish it in their log",
      }
    : { kind: "unknown", reason: "no instance has published its certificate in the log yet" };
}

async function imported({ services, certificateArn }: Deployed): Promise<Trust> {
  if (certificateArn === undefined) return { kind: "unknown", reason: "no stack has a certificate of ACM" };
  const { Certificate: pem = "" } = await services.acm.send(
    new GetCertificateCommand({ CertificateArn: certificateArn }),
  );
  return {
    kind: "exact",
    fingerprints256: [new X509Certificate(pem).fingerprint256],
    source: "ACM, where the deployment put it: browsers do not know who signed it",
  };
}
