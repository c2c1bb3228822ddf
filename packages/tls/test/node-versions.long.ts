import assert from "node:assert/strict";
import test from "node:test";
import { fetchNodes, runUnder } from "./support/node-versions.ts";

/** What was found to differ between versions: groups, stale errors of OpenSSL, header lines that are dropped. */
const DIFFERING = ["policy", "describe-connection", "aws-sources", "faults/header-bombs"];
const ESSENTIAL = [
  ...DIFFERING,
  "limits",
  "self-signed",
  "inspect-certificate",
  "swap",
  "faults/refused-handshakes",
];

/** Why each is looked at, and at what. */
const VERSIONS: Readonly<Record<string, { readonly because: string; readonly files: readonly string[] }>> = {
  "22.18.0": { because: "the first that reads TypeScript, with OpenSSL 3.0", files: DIFFERING },
  "24.0.0": { because: "the lowest that `engines` allows, with OpenSSL 3.0", files: DIFFERING },
  "24.14.1": { because: "a Beanstalk platform of 2026 has it", files: ESSENTIAL },
  "26.10.0": { because: "the next one", files: [...ESSENTIAL, "drain", "faults/smuggling"] },
};

for (const version of await fetchNodes()) {
  const { because, files } = VERSIONS[version] ?? { because: "nobody knows why", files: [] };

  test(`all holds under Node ${version}: ${because}`, async (t) => {
    const verdict = await runUnder(version, files);

    t.diagnostic(`${verdict.passed} tests passed with OpenSSL ${verdict.openssl}`);
    assert.equal(verdict.version, version);
    assert.deepEqual(verdict.failed, []);
    assert.ok(verdict.passed > 30, `${verdict.passed} tests passed`);
  });
}
