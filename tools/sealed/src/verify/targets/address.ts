import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { invalid, type VerifyOptions } from "../options.ts";
import type { Target, Trust } from "../target.ts";

const HTTPS_PORT = "";
const PLAIN_PORT = 80;

/**
 * Returns the path behind an address.
 *
 * @throws SealedError SEALED_ARGUMENTS_INVALID
 */
export async function addressTarget(options: VerifyOptions): Promise<Target> {
  const url = addressFrom(options.url ?? "", ["https:"]);
  const { httpPort = url.port === HTTPS_PORT ? PLAIN_PORT : undefined } = options;
  return {
    origin: "url",
    url,
    topology: options.topology,
    trust: options.ca === undefined ? { kind: "authorities" } : await authorities(options.ca),
    httpPort,
    instances: options.instance.map((address) => ({ url: addressFrom(address, ["https:", "http:"]) })),
    instanceNames: [],
    areAllKnown: false,
    hopsPage: "on",
  };
}

function addressFrom(text: string, protocols: readonly string[]): URL {
  const url = URL.parse(text);
  // Without a protocol, the name or the user stands where one would be.
  const whole = text.includes("://") ? null : URL.parse(`https://${text}`);
  if ([url, whole].some((one) => one?.username || one?.password)) {
    throw invalid("an address must hold no user and no password");
  }
  if (url === null || !protocols.includes(url.protocol)) {
    const allowed = protocols.map((one) => `${one}//`).join(" or ");
    const meant = whole?.hostname ? `: did you mean https://${text}?` : "";
    throw invalid(`an address must be a URL with ${allowed}, got "${text}"${meant}`);
  }
  return url;
}

/**
 * Returns the authorities of a PEM file.
 *
 * @throws SealedError SEALED_ARGUMENTS_INVALID
 */
export async function authorities(file: string): Promise<Trust> {
  const pem = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw invalid(`--ca: ${file} cannot be read (${error.code ?? error.message})`);
  });
  const pems = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  if (pems.length === 0 || !pems.every(isCertificate)) {
    throw invalid(`--ca: ${file} must hold certificates in PEM, and nothing that cannot be read`);
  }
  return { kind: "authorities", pems, source: `an authority of ${basename(file)}` };
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}
