import { execFile } from "node:child_process";
import type { X509Certificate } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { promisify } from "node:util";
import fc from "fast-check";

const run = promisify(execFile);

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
const international = fc.constantFrom("bücher", "παράδειγμα", "例え", "пример", "faß");
const name = fc
  .array(fc.oneof({ weight: 4, arbitrary: label }, { weight: 1, arbitrary: international }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((labels) => labels.join("."))
  // Labels such as "xn--a" are no international name, and an address in disguise is none of a host.
  .filter((host) => domainToASCII(host) !== "" && isIP(domainToASCII(host)) === 0);

/** Lists of what a certificate may have to name: hosts, international ones, wildcards, IPv4 and IPv6. */
export const hostLists = fc.array(
  fc.oneof(
    name,
    name.map((host) => `*.${host}.example`),
    fc.ipV4(),
    fc.ipV6().filter((ip) => !ip.includes(".")),
  ),
  { minLength: 1, maxLength: 6 },
);

/** Returns what OpenSSL's own tool says of a certificate for a host: "OK" when it takes it. */
export async function openSslVerdict(cert: string, host: string, file: string): Promise<string> {
  const wanted = isIP(host) === 0 ? ["-verify_hostname", asAsked(host)] : ["-verify_ip", host];
  await writeFile(file, cert);
  try {
    await run("openssl", [
      "verify",
      "-x509_strict",
      "-purpose",
      "sslserver",
      ...wanted,
      "-CAfile",
      file,
      file,
    ]);
    return "OK";
  } catch (error) {
    return `${host}: ${(error as Error).message}`;
  }
}

/** Returns the name by which a client asks for what an entry stands for. */
export function asAsked(host: string): string {
  return isIP(host) === 0 ? domainToASCII(host.replace("*", "any")) : host;
}

/** Extension basicConstraints in DER: critical, CA:FALSE. https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.9 */
const NO_CA = "0603551d130101ff04023000";

/** Returns what other verifiers would mind (Go, browsers) although OpenSSL does not. */
export function furtherFaults({
  raw,
  serialNumber,
  ca,
  keyUsage,
  subjectAltName,
}: X509Certificate): string[] {
  const faults: string[] = [];
  if (subjectAltName === undefined) faults.push("no subject alternative name");
  // Node's own `ca` is false for a CA's certificate that may not sign others.
  if (ca || !raw.toString("hex").includes(NO_CA)) faults.push("CA:TRUE");
  if (keyUsage?.join() !== "1.3.6.1.5.5.7.3.1") faults.push("other uses than serverAuth");
  if (serialNumber.length < 16 || /^[89A-F]/.test(serialNumber)) faults.push(`serial number ${serialNumber}`);
  if (raw.length > 4_096) faults.push(`${raw.length} bytes`);
  return faults;
}
