import { X509Certificate } from "node:crypto";
import { privateCa } from "@sealed/servers";
import { keyFolder } from "./fake-balancer.ts";

/** Returns a new self-signed certificate, with the value of its public key that the service takes. */
export async function selfSigned(name: string): Promise<{ pem: string; der: Buffer; value: string }> {
  const ca = await privateCa({ dir: keyFolder });
  const { certificatePem: pem } = await ca.issue({ hosts: [name], selfSigned: true });
  const { publicKey, raw } = new X509Certificate(pem);
  return { pem, der: raw, value: publicKey.export({ format: "der", type: "spki" }).toString("base64") };
}
