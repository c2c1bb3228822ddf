import assert from "node:assert/strict";
import test from "node:test";
import * as aws from "../src/aws/index.ts";
import * as tls from "../src/index.ts";

test("the package exports these names and no others", () => {
  assert.deepEqual(Object.keys(tls).sort(), [
    "TlsError",
    "certificateProblemCodes",
    "createTlsServer",
    "describeConnection",
    "drainHttpServer",
    "fromFiles",
    "inspectCertificate",
    "prepareDrain",
    "selfSigned",
    "tlsErrorCodes",
    "tlsOptions",
  ]);
});

test("the AWS sources are exported by the subpath only", () => {
  assert.deepEqual(Object.keys(aws).sort(), ["fromAcmExport", "fromSecret"]);
});
