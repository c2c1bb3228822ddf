import { type MetricAlarm, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import type { Deployed } from "../deployed.ts";
import type { Look } from "../line.ts";

/** Looks which of the deployment's alarms are raised. CloudFormation names each after its stack. */
export function alarmsLook({ cloudWatch, deployment, context }: Deployed): Look {
  return {
    id: "alarms",
    subject: "alarms",
    async see() {
      const alarms: MetricAlarm[] = [];
      for (const stack of deployment.stackNames) {
        const pages = paginateDescribeAlarms(
          { client: cloudWatch },
          { AlarmNamePrefix: `${stack}-`, AlarmTypes: ["MetricAlarm"] },
          { abortSignal: context.signal },
        );
        for await (const { MetricAlarms = [] } of pages) alarms.push(...MetricAlarms);
      }
      if (alarms.length === 0) return { state: "attention", text: "there is none, so nobody would be told" };
      const raised = alarms.filter(({ StateValue }) => StateValue === "ALARM");
      return {
        state: raised.length === 0 ? "ok" : "attention",
        text:
          raised.length === 0
            ? `none of ${alarms.length} raised`
            : `${raised.length} of ${alarms.length} raised`,
        details: raised.map(
          ({ AlarmName, AlarmDescription, StateUpdatedTimestamp }) =>
            `${AlarmName} since ${StateUpdatedTimestamp?.toISOString() ?? "unknown"}: ${AlarmDescription ?? "no description"}`,
        ),
      };
    },
  };
}
