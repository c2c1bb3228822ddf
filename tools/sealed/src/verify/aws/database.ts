import {
  type DBInstance,
  DescribeDBInstancesCommand,
  paginateDescribeDBParameters,
} from "@aws-sdk/client-rds";
import { answer, type Check, judge, type Question } from "../check.ts";
import type { Deployed } from "./deployed.ts";
import { databaseGroupChecks } from "./security-groups.ts";

/**
 * The Region's roots that the app pins.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 */
const AUTHORITIES = ["rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1"];
const SOUND_VERSIONS = ["TLSv1.2", "TLSv1.3"];
const MEND = "npx turbo deploy sets it again; find out who changed it";

/** Judges the database's settings and who may connect to it. */
export async function databaseChecks(deployed: Deployed): Promise<Check[]> {
  const { services, databaseId } = deployed;
  if (databaseId === undefined) return [absent("no stack has one")];
  const { DBInstances = [] } = await services.rds.send(
    new DescribeDBInstancesCommand({ DBInstanceIdentifier: databaseId }),
  );
  const [database] = DBInstances;
  if (database === undefined) return [absent(`there is no ${databaseId}`)];
  const groups = (database.VpcSecurityGroups ?? []).flatMap(({ VpcSecurityGroupId: id }) => id ?? []);
  const port = database.Endpoint?.Port ?? 0;
  return [
    ...instanceChecks(database),
    ...(await parameterChecks(deployed, database)),
    ...(await databaseGroupChecks(deployed, groups, port)),
  ];
}

function absent(seen: string): Check {
  return answer(
    { hop: "app-db", id: "database", title: "database", expected: "one", mend: "npx turbo deploy" },
    "failed",
    seen,
  );
}

function instanceChecks(database: DBInstance): Check[] {
  const id = database.DBInstanceIdentifier ?? "";
  const yesNo = (value: boolean | undefined) => (value === true ? "yes" : "no");
  const check = (name: string, title: string, expected: string, seen: string, isMet = seen === expected) =>
    judge(question(name, title, id, expected), isMet, seen);
  const authority = database.CACertificateIdentifier ?? "none";
  return [
    check("database-status", "status", "available", database.DBInstanceStatus ?? "unknown"),
    check("database-public", "reachable from the Internet", "no", yesNo(database.PubliclyAccessible)),
    check("database-encrypted", "storage encrypted", "yes", yesNo(database.StorageEncrypted)),
    check("database-iam", "logins by IAM token", "yes", yesNo(database.IAMDatabaseAuthenticationEnabled)),
    check(
      "database-authority",
      "authority of its certificate",
      AUTHORITIES.join(", or "),
      authority,
      AUTHORITIES.includes(authority),
    ),
  ];
}

function question(id: string, title: string, subject: string, expected: string): Question {
  return { hop: "app-db", id, title, subject, expected, mend: MEND };
}

/** A group that waits for a restart is not what the server runs with. */
async function parameterChecks({ services }: Deployed, database: DBInstance): Promise<Check[]> {
  const [group] = database.DBParameterGroups ?? [];
  const name = group?.DBParameterGroupName ?? "none";
  const wanted = new Map<string, string>();
  const pages = paginateDescribeDBParameters({ client: services.rds }, { DBParameterGroupName: name });
  for await (const { Parameters = [] } of pages) {
    for (const { ParameterName = "", ParameterValue } of Parameters) {
      if (ParameterValue !== undefined) wanted.set(ParameterName, ParameterValue);
    }
  }
  const enforced = wanted.get("require_secure_transport") ?? "not set";
  const versions = wanted.get("tls_version") ?? "not set";
  const status = group?.ParameterApplyStatus ?? "unknown";
  return [
    judge(
      question("database-enforces-tls", "require_secure_transport", name, "1"),
      /^(1|on)$/i.test(enforced),
      enforced,
    ),
    judge(
      question("database-tls", "tls_version", name, SOUND_VERSIONS.join(",")),
      versions.split(",").every((version) => SOUND_VERSIONS.includes(version.trim())),
      versions,
    ),
    judge(
      question("database-parameters", "parameters in force", name, "in-sync"),
      status === "in-sync",
      status,
    ),
  ];
}
