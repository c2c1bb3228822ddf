import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { type IssuedCertificate, type PrivateCa, privateCa } from "@sealed/servers";

/** What the tests of one file trust, and what their servers show. */
export interface OwnAuthority {
  /** Holds the files of the authority, and whatever else the tests put into it. */
  directory: string;
  ca: PrivateCa;
  /** For localhost and the addresses of loopback. */
  certificate: IssuedCertificate;
}

/** Makes a private CA and a certificate for the test file that calls it; they go when its tests have ended. */
export async function ownAuthority(): Promise<OwnAuthority> {
  const directory = await mkdtemp(join(tmpdir(), "sealed-verify-"));
  after(() => rm(directory, { recursive: true, force: true }));
  const ca = await privateCa({ dir: directory });
  return { directory, ca, certificate: await ca.issue() };
}
