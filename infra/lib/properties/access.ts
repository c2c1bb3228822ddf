import { type Assembly, at, list, type TemplateResource, target } from "./assembly.ts";
import { every, type Property } from "./property.ts";

/** What holds of rights. */
export const accessProperties: readonly Property[] = [
  {
    id: "access/app-user-only",
    title: "instances may log in to the one database as `app`, and as nobody else",
    check: (assembly) => connects(assembly, "Instance", "/app"),
  },
  {
    id: "access/migrator-user-only",
    title: "the function that prepares the database may log in by token as `migrator`, and as nobody else",
    check: (assembly) => connects(assembly, "PrepareDatabase", "/migrator"),
  },
  {
    id: "access/master-secret",
    title: "no role but that of the preparing function may read the master password",
    check: (assembly) => {
      const readers = policies(assembly).filter(({ statements }) =>
        statements.some(
          (statement) =>
            allows(statement, "secretsmanager:GetSecretValue") &&
            JSON.stringify(at(statement, "Resource")).includes("MasterUserSecret"),
        ),
      );
      return readers.length === 1 && readers[0]?.role.includes("PrepareDatabase")
        ? []
        : [`readers of the master secret: ${readers.map(({ role }) => role).join(", ") || "none"}`];
    },
  },
  {
    id: "access/instances-least",
    title: "instances have no managed policy and no wildcard action",
    check: (assembly) => {
      const role = assembly.ofType("AWS::IAM::Role").find(({ id }) => isInstanceRole(id));
      const managed = list(role?.properties.ManagedPolicyArns).map(
        (arn) => `instances have the managed policy ${JSON.stringify(arn)}`,
      );
      const wildcards = policies(assembly)
        .filter((policy) => isInstanceRole(policy.role))
        .flatMap(({ statements }) => statements.flatMap((statement) => list(at(statement, "Action"))))
        .filter((action) => String(action).includes("*"))
        .map((action) => `instances may do ${String(action)}`);
      return [...(role === undefined ? ["no instance role"] : []), ...managed, ...wildcards];
    },
  },
  {
    id: "access/environment-secrets",
    title:
      "instances may read each secret that becomes an environment variable, and the environment names it",
    appliesTo: ({ environmentSecrets }) => Object.keys(environmentSecrets).length > 0,
    check: (assembly) =>
      Object.entries(assembly.config.environmentSecrets).flatMap(([name, { arn, keyArn }]) => [
        ...(assembly.option("aws:elasticbeanstalk:application:environmentsecrets", name) === arn
          ? []
          : [`${name} is not read from ${arn}`]),
        ...[arn, keyArn]
          .filter((wanted) => wanted !== undefined)
          .filter((wanted) => !instanceResources(assembly).some((resource) => wanted.startsWith(resource)))
          .map((wanted) => `instances may not read ${wanted}`),
      ]),
  },
  {
    id: "access/session-manager",
    title: "operators reach instances through Session Manager",
    check: (assembly) =>
      policies(assembly).some(
        ({ role, statements }) =>
          isInstanceRole(role) && statements.some((s) => allows(s, "ssmmessages:OpenDataChannel")),
      )
        ? []
        : ["instances may not open a session"],
  },
  {
    id: "access/no-admin",
    title: "no policy allows every action",
    check: (assembly) =>
      policies(assembly).flatMap(({ role, statements }) =>
        statements
          .filter(
            (statement) => at(statement, "Effect") === "Allow" && list(at(statement, "Action")).includes("*"),
          )
          .map(() => `${role} may do everything`),
      ),
  },
  {
    id: "keys/rotated",
    title: "every key is rotated each year",
    check: (assembly) =>
      every(assembly, "AWS::KMS::Key", "rotated", ({ properties }) => properties.EnableKeyRotation === true),
  },
  {
    id: "keys/grants-for-services",
    title: "nobody but services of AWS passes on the use of a key",
    check: (assembly) =>
      every(assembly, "AWS::KMS::Key", "limiting grants to services", (key) =>
        list(at(key.properties.KeyPolicy, "Statement")).some(
          (statement) =>
            at(statement, "Effect") === "Deny" &&
            list(at(statement, "Action")).includes("kms:CreateGrant") &&
            at(statement, "Condition", "BoolIfExists", "kms:GrantIsForAWSResource") === "false",
        ),
      ),
  },
];

interface Policy {
  role: string;
  statements: unknown[];
}

function policies(assembly: Assembly): Policy[] {
  return assembly.ofType("AWS::IAM::Policy").flatMap((policy: TemplateResource) =>
    list(policy.properties.Roles).map((role) => ({
      role: target(role) ?? "",
      statements: list(at(policy.properties.PolicyDocument, "Statement")),
    })),
  );
}

function isInstanceRole(id: string): boolean {
  return id.startsWith("EnvironmentRolesInstance");
}

function allows(statement: unknown, action: string): boolean {
  return at(statement, "Effect") === "Allow" && list(at(statement, "Action")).includes(action);
}

function connects(assembly: Assembly, roleName: string, suffix: string): string[] {
  const resources = policies(assembly)
    .filter(({ role }) => (roleName === "Instance" ? isInstanceRole(role) : role.includes(roleName)))
    .flatMap(({ statements }) => statements.filter((statement) => allows(statement, "rds-db:connect")))
    .flatMap((statement) => list(at(statement, "Resource")));
  if (resources.length !== 1) return [`${roleName}: wanted one database login, got ${resources.length}`];
  const parts = list(at(resources[0], "Fn::Join", 1));
  const isExact =
    parts.at(-1) === suffix && parts.some((part) => at(part, "Fn::GetAtt", 1) === "DbiResourceId");
  return isExact ? [] : [`${roleName}: may log in as ${JSON.stringify(resources[0])}`];
}

/** Secrets, parameters and keys that instances may read, by their full ARNs. */
function instanceResources(assembly: Assembly): string[] {
  return policies(assembly)
    .filter(({ role }) => isInstanceRole(role))
    .flatMap(({ statements }) => statements)
    .filter((statement) =>
      ["secretsmanager:GetSecretValue", "ssm:GetParameter", "kms:Decrypt"].some((action) =>
        allows(statement, action),
      ),
    )
    .flatMap((statement) => list(at(statement, "Resource")))
    .filter((resource) => typeof resource === "string");
}
