import {
  DescribePlatformVersionCommand,
  ListPlatformBranchesCommand,
} from "@aws-sdk/client-elastic-beanstalk";
import { type Account, placeOptions } from "../account.ts";
import type { Check } from "../check.ts";
import { type Finding, ok, problem, warning } from "../finding.ts";

/** Looks whether Elastic Beanstalk still supports the branch of the configured platform. */
export function platformCheck(account: Account): Check {
  const { platformArn } = account.deployment.config;
  // Behind the name of the branch there may be a version: .../platform/Node.js 24 running on .../6.10.0
  const [, branch = "", version] = /platform\/([^/]+)(?:\/(.+))?$/.exec(platformArn) ?? [];
  return {
    id: "beanstalk-platform",
    subject: "Elastic Beanstalk platform",
    async look() {
      const finding = judgeBranch(branch, await branchState(account, branch), account);
      return version === undefined || finding.verdict === "problem"
        ? finding
        : judgeVersion(version, await versionState(account), finding);
    },
  };
}

async function branchState({ beanstalk, context }: Account, branch: string): Promise<string | undefined> {
  const { PlatformBranchSummaryList: branches = [] } = await beanstalk.send(
    new ListPlatformBranchesCommand({
      Filters: [{ Attribute: "BranchName", Operator: "=", Values: [branch] }],
    }),
    { abortSignal: context.signal },
  );
  return branches.find(({ BranchName }) => BranchName === branch)?.LifecycleState?.toLowerCase();
}

/** @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/platforms-support-policy.html */
function judgeBranch(branch: string, state: string | undefined, { deployment }: Account): Finding {
  const mend = [
    // The shorthand of the AWS CLI takes no value that begins with an equals sign, unless it is quoted.
    `aws elasticbeanstalk list-platform-branches --filters 'Attribute=LifecycleState,Operator="=",Values=supported'${placeOptions(deployment)}`,
  ];
  const setting = "choose another with platformArn in infra/sealed.config.ts";
  if (state === undefined)
    return problem(`${branch}: unknown`, `the Region has no such branch: ${setting}`, mend);
  const found = `${branch}: ${state}`;
  if (state === "supported") return ok(found);
  if (state === "retired") {
    return problem(found, `no new environment can be made on it, and nobody mends it: ${setting}`, mend);
  }
  return warning(found, `it is not in full support: ${setting}`, mend);
}

async function versionState({ beanstalk, deployment, context }: Account) {
  const { PlatformDescription: platform = {} } = await beanstalk.send(
    new DescribePlatformVersionCommand({ PlatformArn: deployment.config.platformArn }),
    { abortSignal: context.signal },
  );
  return { status: platform.PlatformStatus, lifecycle: platform.PlatformLifecycleState?.toLowerCase() };
}

function judgeVersion(
  version: string,
  { status = "unknown", lifecycle }: { status?: string | undefined; lifecycle?: string | undefined },
  branch: Finding,
): Finding {
  if (status !== "Ready")
    return problem(`version ${version}: ${status}`, "an environment cannot be made of it");
  if (lifecycle === "recommended" || branch.verdict !== "ok") return branch;
  return warning(
    `version ${version}, which is not the recommended one`,
    "newer versions have security updates: leave platformArn out to take the newest at each deployment",
  );
}
