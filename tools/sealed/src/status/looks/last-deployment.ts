import { DescribeApplicationVersionsCommand } from "@aws-sdk/client-elastic-beanstalk";
import { environmentNames } from "@sealed/infra/names";
import { isBusy } from "../../deploy/stack-states.ts";
import { wantedUntil } from "../../destroy/guards.ts";
import type { Deployed } from "../deployed.ts";
import type { Look, Sight } from "../line.ts";

/** Looks when the stacks were changed last, with which version, and how that ended. */
export function lastDeploymentLook(deployed: Deployed): Look {
  return {
    id: "last-deployment",
    subject: "last deployment",
    async see() {
      const { stacks } = deployed;
      const changed = stacks.map(({ LastUpdatedTime, CreationTime }) => LastUpdatedTime ?? CreationTime);
      const last = changed.filter((time) => time !== undefined).sort((a, b) => b.getTime() - a.getTime())[0];
      const version = await newestVersion(deployed);
      const with_ = version === undefined ? "" : `, newest version ${version}`;
      return {
        ...result(deployed),
        text: `${last?.toISOString() ?? "unknown"}${with_}: ${statesOf(deployed)}`,
      };
    },
  };
}

function statesOf({ stacks }: Deployed): string {
  const states = [...new Set(stacks.map(({ StackStatus }) => StackStatus))];
  return states.join(", ");
}

function result({ stacks }: Deployed): Omit<Sight, "text"> {
  const failed = stacks.filter(({ StackStatus = "" }) => /FAILED|ROLLBACK/.test(StackStatus));
  if (failed.length > 0) {
    return {
      state: "attention",
      details: failed.map(
        ({ StackName, StackStatus, StackStatusReason }) =>
          `${StackName}: ${StackStatus}${StackStatusReason === undefined ? "" : `, ${StackStatusReason}`}`,
      ),
    };
  }
  return { state: stacks.some(({ StackStatus = "" }) => isBusy(StackStatus)) ? "unknown" : "ok" };
}

/** Versions come the newest first. */
async function newestVersion({ beanstalk, deployment, context }: Deployed): Promise<string | undefined> {
  const { ApplicationVersions = [] } = await beanstalk.send(
    new DescribeApplicationVersionsCommand({
      ApplicationName: environmentNames(deployment.config).application,
      MaxRecords: 1,
    }),
    { abortSignal: context.signal },
  );
  return ApplicationVersions[0]?.VersionLabel;
}

/** Looks whether a sandbox is beyond the time for which it is wanted. */
export function timeToLiveLook({ stacks, context }: Deployed): Look {
  return {
    id: "time-to-live",
    subject: "wanted until",
    async see() {
      const end = wantedUntil(stacks);
      if (end === undefined) return { state: "ok", text: "further notice: its stacks carry no time to live" };
      const isOver = end < context.system.now();
      return {
        state: isOver ? "attention" : "ok",
        text: end.toISOString(),
        details: isOver ? ["its time is over, and it costs money: npx turbo destroy"] : [],
      };
    },
  };
}
