/** What a scanner found that must not be there. */
export type Finding = string;

/**
 * Returns what is wrong in an XML report of sslscan: a protocol below TLS 1.2 that is on, a suite without
 * authenticated encryption (CBC), or one without forward secrecy (static RSA).
 *
 * @throws RangeError when the report names no accepted suite: then nothing was scanned.
 */
export function findWeaknesses(xml: string): Finding[] {
  const findings: Finding[] = [];
  for (const { type, version, enabled } of elements(xml, "protocol")) {
    const isOld = type === "ssl" || version === "1.0" || version === "1.1";
    if (isOld && enabled === "1") findings.push(`${type} ${version} is on`);
  }
  const suites = elements(xml, "cipher").filter(({ status }) => status !== "rejected");
  if (suites.length === 0) throw new RangeError("the report of the scanner names no accepted suite");
  for (const { cipher = "", sslversion } of suites) {
    if (!/GCM|CHACHA20|CCM/.test(cipher))
      findings.push(`${sslversion} ${cipher} has no authenticated encryption`);
    // The suites of TLS 1.3 all have forward secrecy and do not name it.
    if (!/^(TLS_|ECDHE-|DHE-)/.test(cipher)) findings.push(`${sslversion} ${cipher} has no forward secrecy`);
  }
  return findings;
}

function elements(xml: string, name: string): Record<string, string>[] {
  const found = xml.matchAll(new RegExp(`<${name}\\s([^>]*?)/?>`, "g"));
  return [...found].map(([, attributes = ""]) =>
    Object.fromEntries([...attributes.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value])),
  );
}
