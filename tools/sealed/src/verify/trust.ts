import type { Topology } from "@sealed/infra/topologies";
import type { HopId } from "./check.ts";

/** Who stands where on a hop, and who is to check the certificate there. */
export interface HopPromise {
  from: string;
  to: string;
  checkedBy: string;
}

const DATABASE: HopPromise = {
  from: "app",
  to: "database",
  checkedBy: "the app, against pinned roots and the host name",
};

const BALANCED: HopPromise = {
  from: "client",
  to: "load balancer",
  checkedBy: "the client",
};

const PASSED_THROUGH = "the client: it is the same TLS connection as hop 1";

/** The trust table, row by row: docs/explanation/trust-chain.md. */
const PROMISES: Readonly<Record<Topology, Readonly<Record<HopId, HopPromise>>>> = {
  "alb-reencrypt": balanced("nobody: an Application Load Balancer never checks"),
  "clb-backend-auth": balanced("the load balancer, against a pinned public key"),
  "nlb-passthrough": balanced(PASSED_THROUGH),
  "single-instance": {
    "client-lb": { from: "client", to: "app", checkedBy: "the client" },
    "lb-app": { from: "client", to: "app", checkedBy: PASSED_THROUGH },
    "app-db": DATABASE,
  },
  "alb-terminate": balanced("nobody: this hop is plain HTTP"),
};

function balanced(checkedBy: string): Readonly<Record<HopId, HopPromise>> {
  return {
    "client-lb": BALANCED,
    "lb-app": { from: "load balancer", to: "app", checkedBy },
    "app-db": DATABASE,
  };
}

/** Returns what a topology promises of its hops; one that is not known has three hops and no more. */
export function promisesOf(topology: Topology | undefined): Readonly<Record<HopId, HopPromise>> {
  return topology === undefined
    ? balanced("whoever the topology names, and it is not known")
    : PROMISES[topology];
}
