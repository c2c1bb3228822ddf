import { type Check, judge } from "../check.ts";
import type { AreaName } from "./area.ts";
import { classicChecks } from "./classic.ts";
import type { Deployed } from "./deployed.ts";
import { listenerChecks } from "./listeners.ts";
import { targetGroupChecks } from "./target-groups.ts";

/** One area with the question in it. */
export interface Area extends AreaName {
  ask(): Promise<Check[]>;
}

const LISTENER = { hop: "client-lb", id: "listener", title: "listeners of the load balancer" } as const;
const TARGET_GROUP = { hop: "lb-app", id: "target-group", title: "target groups" } as const;

/** Returns the areas of the load balancer that the topology has; none for a single instance. */
export function loadBalancerAreas(deployed: Deployed): Area[] {
  const { facts, loadBalancer } = deployed;
  if (facts.loadBalancer === "none") return [];
  if (loadBalancer === undefined) return [{ ...LISTENER, ask: async () => [absent()] }];
  if (facts.loadBalancer === "classic") return [{ ...LISTENER, ask: () => classicChecks(deployed) }];
  return [
    { ...LISTENER, ask: () => listenerChecks(deployed) },
    { ...TARGET_GROUP, ask: () => targetGroupChecks(deployed) },
  ];
}

function absent(): Check {
  const question = {
    ...LISTENER,
    expected: "those of the topology",
    mend: "npx turbo deploy makes it again",
  };
  return judge(question, false, "the environment has no load balancer");
}
