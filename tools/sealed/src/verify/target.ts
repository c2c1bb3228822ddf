import type { Topology } from "@sealed/infra/topologies";

/** What the certificate that clients see is measured by. */
export type Trust =
  /** Authorities, and whose they are; none given: those that Node carries. */
  | { kind: "authorities"; pems?: readonly string[]; source?: string }
  /** Exactly one of these certificates, which AWS itself names: there is no authority that signed it. */
  | { kind: "exact"; fingerprints256: readonly string[]; source: string }
  /** Nothing to measure it by. */
  | { kind: "unknown"; reason: string };

/** An instance that can be connected to directly, past the load balancer. */
export interface InstanceAddress {
  /** As the app calls itself; absent: not known before it answers. */
  name?: string;
  url: URL;
}

/** A path to verify: where it is, and what it promises. */
export interface Target {
  /** Where the description comes from. */
  origin: "sandbox" | "url" | "deployment";
  url: URL;
  /** Absent: what the app itself says. */
  topology: Topology | undefined;
  trust: Trust;
  /** Port that must not answer in plain HTTP; absent: there is none to ask. */
  httpPort: number | undefined;
  instances: readonly InstanceAddress[];
  /** Names of the instances that must answer, where they are known. */
  instanceNames: readonly string[];
  /** Nobody else may answer; false: there may be instances that are not known yet. */
  areAllKnown: boolean;
  /** Whether `/hops.json` is there, by the settings of the deployment. */
  hopsPage: "on" | "off";
}

/** Tells whether the topology ends the client's TLS at the app itself. */
export function endsAtApp(topology: Topology | undefined): boolean {
  return topology === "nlb-passthrough" || topology === "single-instance";
}
