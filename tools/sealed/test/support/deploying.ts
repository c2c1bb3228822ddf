import type { StackEvent } from "@aws-sdk/client-cloudformation";
import type { Cdk } from "./world.ts";

/** Stacks of the tests. */
export const WEB = "sealed-sandbox-web";
export const DATA = "sealed-sandbox-data";
/** A moment of the deployment. */
export const at = (seconds: number) => new Date(Date.UTC(2026, 10, 22, 10, 0, seconds));

/** Returns an event of the web stack about the environment, unless told otherwise. */
export function stackEvent(seconds: number, status: string, more: Partial<StackEvent> = {}): StackEvent {
  return {
    StackId: "id",
    StackName: WEB,
    EventId: `${seconds}-${status}`,
    Timestamp: at(seconds),
    ResourceStatus: status as StackEvent["ResourceStatus"],
    ResourceType: "AWS::ElasticBeanstalk::Environment",
    LogicalResourceId: "EnvironmentBeanstalk00000001",
    ...more,
  };
}

/** Returns a `cdk deploy` that goes on for so many looks at AWS. */
export function lasting(looks: number, exitCode = 0, output = ""): { deploy: Cdk; onPause: () => void } {
  let left = looks;
  let end = () => {};
  return {
    deploy: () => new Promise((resolve) => (end = () => resolve({ exitCode, output }))),
    onPause() {
      if (--left === 0) end();
    },
  };
}
