import { DescribeDBEngineVersionsCommand, DescribeDBMajorEngineVersionsCommand } from "@aws-sdk/client-rds";
import { databaseEngine } from "@sealed/infra/database-engine";
import { type Account, placeOptions } from "../account.ts";
import type { Check } from "../check.ts";
import { type Finding, ok, problem, warning } from "../finding.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
/** Time to test a major upgrade without haste. */
const WARNING_DAYS = 180;

const RELEASES = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MySQL.Concepts.VersionMgmt.html";

/** Looks whether RDS still offers the version that a new database begins with, and for how long it is in standard support. */
export function databaseEngineCheck(account: Account): Check {
  const { name, version, release } = databaseEngine;
  return {
    id: "database-engine",
    subject: "database engine",
    async look() {
      const [isOffered, supportEnd] = await Promise.all([offers(account), standardSupportEnd(account)]);
      const engine = `${name} ${version}`;
      if (!isOffered && !account.standing.data) {
        return problem(
          `${engine} is not offered in ${account.deployment.region}`,
          "a new database cannot be made of it: put a version that is offered into infra/lib/database-engine.ts",
          [
            `aws rds describe-db-engine-versions --engine ${name} --query 'DBEngineVersions[].EngineVersion'${placeOptions(account.deployment)}`,
          ],
        );
      }
      return judgeSupport(engine, release, supportEnd, account.context.system.now());
    },
  };
}

async function offers({ rds, context }: Account): Promise<boolean> {
  const { DBEngineVersions: versions = [] } = await rds.send(
    new DescribeDBEngineVersionsCommand({
      Engine: databaseEngine.name,
      EngineVersion: databaseEngine.version,
    }),
    { abortSignal: context.signal },
  );
  return versions.some(({ Status = "available" }) => Status === "available");
}

async function standardSupportEnd({ rds, context }: Account): Promise<Date | undefined> {
  const { DBMajorEngineVersions: releases = [] } = await rds.send(
    new DescribeDBMajorEngineVersionsCommand({
      Engine: databaseEngine.name,
      MajorEngineVersion: databaseEngine.release,
    }),
    { abortSignal: context.signal },
  );
  return releases
    .flatMap(({ SupportedEngineLifecycles = [] }) => SupportedEngineLifecycles)
    .find(({ LifecycleSupportName }) => LifecycleSupportName === "open-source-rds-standard-support")
    ?.LifecycleSupportEndDate;
}

function judgeSupport(engine: string, release: string, end: Date | undefined, now: Date): Finding {
  if (end === undefined) {
    return warning(
      `${engine}, and RDS names no end of standard support for ${release}`,
      `see the calendar: ${RELEASES}`,
    );
  }
  const days = Math.floor((end.getTime() - now.getTime()) / DAY_MS);
  const found = `${engine}, in standard support until ${end.toISOString().slice(0, 10)}`;
  if (days >= WARNING_DAYS) return ok(found);
  if (days >= 0) {
    return warning(
      found,
      `plan the upgrade: ${days} days are left, then RDS upgrades by itself (${RELEASES})`,
    );
  }
  return problem(
    found,
    `standard support is over, and the deployment takes no extended support: put a newer release into infra/lib/database-engine.ts (${RELEASES})`,
  );
}
