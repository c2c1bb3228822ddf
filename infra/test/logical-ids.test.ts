import assert from "node:assert/strict";
import test from "node:test";
import type { DeploymentSettings } from "../lib/config.ts";
import { assemblyOf, production, sandbox } from "./support/assemblies.ts";

/** What is lost when CloudFormation replaces it. */
const STATEFUL = [
  "AWS::RDS::DBInstance",
  "AWS::RDS::DBSubnetGroup",
  "AWS::S3::Bucket",
  "AWS::KMS::Key",
  "AWS::SecretsManager::Secret",
  "AWS::Backup::BackupVault",
  "AWS::EC2::VPC",
];

/** A rename of a construct changes its logical id, and a new id means a new, empty resource. */
const FROZEN = [
  "AWS::EC2::VPC NetworkVpc7FB7348F",
  "AWS::KMS::Key DataKey5CEB6F76",
  "AWS::KMS::Key OperationsKey7D2B5BF0",
  "AWS::RDS::DBInstance DatabaseF44359DD",
  "AWS::RDS::DBSubnetGroup DatabaseSubnetGroup669F481A",
  "AWS::S3::Bucket Logs59B087BB",
  "AWS::S3::Bucket SourceBundleBundlesB78A83ED",
];

function statefulOf(settings: DeploymentSettings): string[] {
  return assemblyOf(settings)
    .resources.filter(({ type }) => STATEFUL.includes(type))
    .map(({ type, id }) => `${type} ${id}`)
    .sort();
}

test("the logical ids of what holds data stay as they are", () => {
  assert.deepEqual(statefulOf(sandbox), FROZEN);
});

test("production has the same, and its backup vault", () => {
  assert.deepEqual(
    statefulOf(production),
    ["AWS::Backup::BackupVault BackupVaultADF21B19", ...FROZEN].sort(),
  );
});

test("the pinned key pairs keep their logical ids, each by its number", () => {
  const rotating = {
    ...sandbox,
    topology: "clb-backend-auth",
    backendKeys: { trusted: [1, 2], serving: 2 },
  } as const;

  assert.deepEqual(
    statefulOf(rotating).filter((line) => line.includes("Secret ")),
    [
      "AWS::SecretsManager::Secret AppCertificateKey19BEC2C61",
      "AWS::SecretsManager::Secret AppCertificateKey20CB93BDA",
    ],
  );
});

test("another topology keeps database, keys and buckets", () => {
  for (const topology of ["clb-backend-auth", "nlb-passthrough", "single-instance"] as const) {
    const kept = statefulOf({ ...sandbox, topology }).filter((line) => !line.includes("Secret "));

    assert.deepEqual(kept, FROZEN);
  }
});

test("every topology exports the same from the network, so that one can follow the other", () => {
  const exportsOf = (settings: DeploymentSettings) => assemblyOf(settings).exported;

  for (const topology of ["clb-backend-auth", "nlb-passthrough", "single-instance"] as const) {
    assert.deepEqual(exportsOf({ ...sandbox, topology }), exportsOf(sandbox));
  }
});
