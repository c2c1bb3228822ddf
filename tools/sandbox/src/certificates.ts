import { X509Certificate } from "node:crypto";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { IssuedCertificate, PrivateCa, Topology } from "@sealed/servers";
import type { SandboxPaths } from "./paths.ts";

const DAY_MS = 86_400_000;
const RENEW_BEFORE_MS = 30 * DAY_MS;

/** The certificate that every instance of a topology serves from files. */
export interface InstanceCertificate extends IssuedCertificate {
  certificateFile: string;
  keyFile: string;
}

/**
 * Returns what the instances serve: nothing when each makes its own in memory, which no ALB looks at; a key that is
 * kept over starts when the load balancer pins it; one from the private CA when the client itself checks it.
 */
export async function instanceCertificate(
  topology: Topology,
  paths: SandboxPaths,
  ca: PrivateCa,
): Promise<InstanceCertificate | undefined> {
  switch (topology) {
    case "clb-backend-auth":
      return await pinnedCertificate(paths.pinned, ca);
    case "nlb-passthrough":
    case "single-instance":
      return await store(join(paths.run, "instance"), await ca.issue());
    default:
      return undefined;
  }
}

async function pinnedCertificate(folder: string, ca: PrivateCa): Promise<InstanceCertificate> {
  const kept = await load(folder);
  const validUntil = kept === undefined ? 0 : new X509Certificate(kept.certificatePem).validToDate.getTime();
  if (kept !== undefined && validUntil > Date.now() + RENEW_BEFORE_MS) return kept;
  // The key stays the same: it is what a real classic load balancer pins.
  const keyPem = kept === undefined ? {} : { keyPem: kept.keyPem };
  return await store(folder, await ca.issue({ ...keyPem, selfSigned: true }));
}

async function load(folder: string): Promise<InstanceCertificate | undefined> {
  const { certificateFile, keyFile } = filesIn(folder);
  try {
    const [keyPem, certificatePem] = await Promise.all([
      readFile(keyFile, "utf8"),
      readFile(certificateFile, "utf8"),
    ]);
    return { keyPem, certificatePem, certificateFile, keyFile };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function store(folder: string, issued: IssuedCertificate): Promise<InstanceCertificate> {
  const files = filesIn(folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  await Promise.all([
    writeFile(files.keyFile, issued.keyPem, { mode: 0o600 }),
    writeFile(files.certificateFile, issued.certificatePem, { mode: 0o600 }),
  ]);
  return { ...issued, ...files };
}

function filesIn(folder: string): Pick<InstanceCertificate, "certificateFile" | "keyFile"> {
  return { certificateFile: join(folder, "certificate.pem"), keyFile: join(folder, "key.pem") };
}
