import { type Assembly, at, list, target } from "./assembly.ts";
import type { Property } from "./property.ts";

/** What each right on a secret needs of the secret's key. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  "secretsmanager:GetSecretValue": ["kms:Decrypt"],
  "secretsmanager:PutSecretValue": ["kms:Decrypt", "kms:GenerateDataKey"],
};

/**
 * What holds of the keys of secrets: without a right on the key, a right on the secret is worth nothing.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 */
export const secretKeyProperty: Property = {
  id: "secrets/key-usable",
  title: "who may read or write a secret may use its key",
  check: (assembly) =>
    rights(assembly).flatMap(({ policy, action, resource }) => {
      const keyArn = keyOf(assembly, resource);
      return keyArn === undefined
        ? []
        : (NEEDED[action] ?? [])
            .filter((needed) => !mayUse(assembly, policy, needed, keyArn))
            .map((needed) => `${policy} may not ${needed} for ${action}`);
    }),
};

interface Right {
  /** Logical id of the policy that gives it. */
  policy: string;
  action: string;
  resource: unknown;
}

function rights(assembly: Assembly): Right[] {
  return assembly.ofType("AWS::IAM::Policy").flatMap(({ id, properties }) =>
    list(at(properties.PolicyDocument, "Statement")).flatMap((statement) =>
      list(at(statement, "Action")).flatMap((action) =>
        list(at(statement, "Resource")).map((resource) => ({
          policy: id,
          action: String(action),
          resource,
        })),
      ),
    ),
  );
}

/** The key of a secret that is made here, or that the settings name with its key. */
function keyOf(assembly: Assembly, resource: unknown): unknown {
  const made = assembly.ofType("AWS::SecretsManager::Secret").find(({ id }) => id === target(resource));
  if (made !== undefined) return made.properties.KmsKeyId;
  const { instanceCertificate: own } = assembly.config;
  return own !== undefined && "secretArn" in own && own.secretArn === resource ? own.keyArn : undefined;
}

function mayUse(assembly: Assembly, policy: string, action: string, keyArn: unknown): boolean {
  return rights(assembly).some(
    (right) =>
      right.policy === policy &&
      right.action === action &&
      JSON.stringify(right.resource) === JSON.stringify(keyArn),
  );
}
