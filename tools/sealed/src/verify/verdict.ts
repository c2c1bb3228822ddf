import type { Topology } from "@sealed/infra/topologies";
import { type Check, HOP_IDS, type HopId, judge } from "./check.ts";
import { type HopPromise, promisesOf } from "./trust.ts";

/** Sealed as promised, open, or not seen well enough to say. */
export type State = "sealed" | "open" | "unreached";

/** What came of one hop. */
export interface HopVerdict extends HopPromise {
  id: HopId;
  state: State;
  checks: readonly Check[];
}

/** What came of the whole path. */
export interface Verdict {
  state: State;
  topology: Topology | undefined;
  /** The verdict in one sentence. */
  says: string;
  hops: readonly HopVerdict[];
}

/** Judges the path by its checks. The lesson topology fails whatever was seen. */
export function judgePath(topology: Topology | undefined, found: readonly Check[]): Verdict {
  const checks = topology === "alb-terminate" ? [...found, lesson()] : found;
  const promises = promisesOf(topology);
  const hops = HOP_IDS.map((id) => {
    const own = checks.filter((check) => check.hop === id);
    return { id, ...promises[id], state: stateOf(own), checks: own };
  });
  const state = worst(hops.map((hop) => hop.state));
  return { state, topology, says: sentence(state, hops), hops };
}

function lesson(): Check {
  return judge(
    {
      hop: "lb-app",
      id: "lesson",
      title: "encryption behind the load balancer",
      expected: "TLS on every hop",
      mend: "choose another topology: this one is a lesson, and no setting seals it",
    },
    false,
    "plain HTTP, which is what the topology alb-terminate means",
  );
}

function stateOf(checks: readonly Check[]): State {
  if (checks.some(({ status }) => status === "failed")) return "open";
  const isSeen = checks.some(({ status }) => status === "ok");
  return isSeen && checks.every(({ status }) => status !== "unreached") ? "sealed" : "unreached";
}

function worst(states: readonly State[]): State {
  if (states.includes("open")) return "open";
  return states.includes("unreached") ? "unreached" : "sealed";
}

function sentence(state: State, hops: readonly HopVerdict[]): string {
  if (state === "sealed") return "every hop is as the topology promises";
  const named = hops
    .filter((hop) => hop.state === state)
    .map((hop) => `hop ${HOP_IDS.indexOf(hop.id) + 1} (${hop.from} to ${hop.to})`)
    .join(", ");
  return state === "open" ? `not as promised: ${named}` : `could not be seen: ${named}`;
}

/** Returns the exit code: 0 sealed, 1 open, 3 not seen. */
export function exitCodeOf({ state }: Verdict): 0 | 1 | 3 {
  return ({ sealed: 0, open: 1, unreached: 3 } as const)[state];
}
