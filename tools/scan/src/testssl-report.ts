import { type Finding, suiteFindings } from "./finding.ts";

/** One entry of the list that testssl.sh writes with `--jsonfile`. */
interface Entry {
  id: string;
  severity: string;
  finding: string;
}

const OLD_PROTOCOLS: ReadonlySet<string> = new Set(["SSLv2", "SSLv3", "TLS1", "TLS1_1"]);

/** The line of one accepted suite: protocol, code, OpenSSL's name, key exchange, encryption, bits, IANA's name. */
const SUITE = /^(?<protocol>(?:SSLv|TLS )[\d.]+)\s+x[0-9a-f]+\s+(?<name>\S+)/;

const BAD: ReadonlySet<string> = new Set(["MEDIUM", "HIGH", "CRITICAL"]);

/**
 * Returns what is wrong in a JSON report of testssl.sh 3.0 or 3.2: anything it calls vulnerable, also potentially,
 * or of medium severity and worse; a protocol below TLS 1.2; a suite without authenticated encryption (CBC) or
 * without forward secrecy (static RSA).
 *
 * @throws RangeError when the report names no accepted suite, or says that the scan was interrupted: what was not
 *   looked at is not well.
 */
export function testsslFindings(json: string): Finding[] {
  const entries = JSON.parse(json) as Entry[];
  const suites = entries.filter(({ id }) => /^cipher-(tls|ssl)\S*_x/.test(id));
  const isWhole = entries.some(({ id, finding }) => id === "scanTime" && /^\d+$/.test(finding));
  if (suites.length === 0 || !isWhole) {
    throw new RangeError("the report of testssl.sh names no accepted suite, or was interrupted");
  }
  return [
    ...entries.filter(isBad).map(({ id, finding }) => `${id}: ${finding}`),
    ...suites.flatMap(({ finding }) => {
      const { protocol = "", name = finding } = SUITE.exec(finding)?.groups ?? {};
      return suiteFindings(protocol, name);
    }),
  ];
}

function isBad({ id, severity, finding }: Entry): boolean {
  if (OLD_PROTOCOLS.has(id)) return !finding.startsWith("not offered");
  return BAD.has(severity) || (/vulnerable/i.test(finding) && !/not vulnerable/i.test(finding));
}
