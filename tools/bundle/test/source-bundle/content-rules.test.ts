import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import test from "node:test";
import { refusedContent } from "../../src/source-bundle/content-rules.ts";
import { type BundleEntry, textEntry } from "../../src/source-bundle/entry.ts";

const MACHINE_PATHS = ["/home/somebody/project"];

function keyPem(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

const refused: readonly { what: string; entry: BundleEntry }[] = [
  { what: "a test", entry: textEntry("app/notes.test.js", "") },
  { what: "a test folder", entry: textEntry("app/test/notes.js", "") },
  { what: "a source map", entry: textEntry("app/main.js.map", "{}") },
  {
    what: "a reference to a source map",
    entry: textEntry("app/main.js", "//# sourceMappingURL=main.js.map"),
  },
  { what: "TypeScript", entry: textEntry("app/main.ts", "") },
  { what: "a file of environment variables", entry: textEntry(".env.local", "") },
  { what: "what a file manager leaves behind", entry: textEntry("public/.DS_Store", "") },
  { what: "an editor's swap file", entry: textEntry("views/.layout.eta.swp", "") },
  { what: "an editor's backup", entry: textEntry("public/style.css~", "") },
  { what: "a file of a conflict", entry: textEntry("views/layout.eta.orig", "") },
  { what: "a path that leaves the bundle", entry: textEntry("public/../../etc/passwd", "") },
  { what: "a private key in a file of another kind", entry: textEntry("public/x.txt", keyPem()) },
  { what: "an AWS access key", entry: textEntry("app/main.js", `const key = "AKIA${"B".repeat(16)}";`) },
  { what: "a signed token", entry: textEntry("app/main.js", `X-Amz-Signature=${"0a".repeat(32)}`) },
  { what: "a path of this machine", entry: textEntry("app/main.js", "// /home/somebody/project/x.js") },
  { what: "a hook that cannot run", entry: textEntry(".platform/hooks/predeploy/1.sh", "#!/bin/sh\n") },
  {
    what: "a hook without an interpreter",
    entry: { ...textEntry(".platform/confighooks/predeploy/1.sh", "ls\n"), isExecutable: true },
  },
];

for (const { what, entry } of refused) {
  test(`${what} is refused`, () => {
    assert.equal(refusedContent([entry], MACHINE_PATHS).length, 1);
  });
}

test("the folders of the platform, whose names begin with a dot, are not refused", () => {
  const entries = [".ebextensions/nlb.config", ".platform/nginx/nginx.conf"].map((path) =>
    textEntry(path, ""),
  );

  assert.deepEqual(refusedContent(entries, MACHINE_PATHS), []);
});

test("what libraries say about keys is not refused", () => {
  // In two parts, because no file of the repository may look like a key itself.
  const pemHeader = ["-----BEGIN", "PRIVATE KEY-----"].join(" ");
  const text = `if (pem.includes("${pemHeader}")) use("AKIAIOSFODNN7EXAMPLE");`;

  assert.deepEqual(refusedContent([textEntry("app/main.js", text)], MACHINE_PATHS), []);
});
