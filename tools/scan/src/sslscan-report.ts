import { type Finding, suiteFindings } from "./finding.ts";

/**
 * Returns what is wrong in an XML report of sslscan: a protocol below TLS 1.2 that is on, a suite without
 * authenticated encryption (CBC), or one without forward secrecy (static RSA).
 *
 * @throws RangeError when the report names no accepted suite: then nothing was scanned.
 */
export function sslscanFindings(xml: string): Finding[] {
  const old = elements(xml, "protocol")
    .filter(({ type, version }) => type === "ssl" || version === "1.0" || version === "1.1")
    .filter(({ enabled }) => enabled === "1")
    .map(({ type, version }) => `${type} ${version} is on`);
  const suites = elements(xml, "cipher").filter(({ status }) => status !== "rejected");
  if (suites.length === 0) throw new RangeError("the report of sslscan names no accepted suite");
  return [...old, ...suites.flatMap(({ sslversion = "", cipher = "" }) => suiteFindings(sslversion, cipher))];
}

function elements(xml: string, name: string): Record<string, string>[] {
  const found = xml.matchAll(new RegExp(`<${name}\\s([^>]*?)/?>`, "g"));
  return [...found].map(([, attributes = ""]) =>
    Object.fromEntries([...attributes.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value])),
  );
}
