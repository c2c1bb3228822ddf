/** What a scanner found that must not be there, in words. */
export type Finding = string;

/**
 * Says what is wrong with a suite: no authenticated encryption (CBC), or no forward secrecy (static RSA).
 *
 * @param name - As OpenSSL or as IANA names it.
 */
export function suiteFindings(protocol: string, name: string): Finding[] {
  const findings: Finding[] = [];
  if (!/GCM|CHACHA20|CCM/.test(name)) findings.push(`${protocol} ${name} has no authenticated encryption`);
  // The suites of TLS 1.3 all have forward secrecy and do not name it.
  if (!/^(TLS_)?(ECDHE|DHE)[-_]|^TLS_(AES|CHACHA20)_/.test(name)) {
    findings.push(`${protocol} ${name} has no forward secrecy`);
  }
  return findings;
}
