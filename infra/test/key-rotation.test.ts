import assert from "node:assert/strict";
import test from "node:test";
import { target } from "../lib/properties/assembly.ts";
import { assemblyOf, sandbox } from "./support/assemblies.ts";

const VARIABLES = "aws:elasticbeanstalk:application:environment";

function pinned(backendKeys: { trusted: number[]; serving: number }) {
  const assembly = assemblyOf({ ...sandbox, topology: "clb-backend-auth", backendKeys });
  const keys = assembly.options
    .filter(({ name }) => name === "PublicKey")
    .map(({ namespace }) => namespace.split(":").at(-1));
  return {
    keys,
    trusted: assembly.option("aws:elb:policies:backendauth", "PublicKeyPolicyNames"),
    serving: target(assembly.option(VARIABLES, "TLS_SECRET_ID")),
  };
}

test("a pinned key changes in three deployments, in each of which the served key is trusted", () => {
  const before = pinned({ trusted: [1], serving: 1 });
  const both = pinned({ trusted: [1, 2], serving: 1 });
  const served = pinned({ trusted: [1, 2], serving: 2 });
  const after = pinned({ trusted: [2], serving: 2 });

  assert.equal(before.trusted, "backendkey1");
  assert.equal(both.trusted, "backendkey1,backendkey2");
  assert.deepEqual(both.keys, ["backendkey1", "backendkey2"]);
  assert.match(both.serving ?? "", /Key1/);
  assert.match(served.serving ?? "", /Key2/);
  assert.equal(after.trusted, "backendkey2");
});

test("the app may read the key that it serves, and no other", () => {
  const assembly = assemblyOf({
    ...sandbox,
    topology: "clb-backend-auth",
    backendKeys: { trusted: [1, 2], serving: 2 },
  });
  const policies = assembly
    .ofType("AWS::IAM::Policy")
    .filter(({ id }) => id.startsWith("EnvironmentRolesInstance"));

  assert.match(JSON.stringify(policies), /AppCertificateKey2/);
  assert.doesNotMatch(JSON.stringify(policies), /AppCertificateKey1/);
});
