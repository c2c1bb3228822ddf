import type { DeploymentSettings } from "../config.ts";
import type { PresetName } from "../presets.ts";
import { type Topology, topologies, topologyNames } from "../topologies.ts";

/** A deployment that is validated, under a name. */
export interface Pair {
  name: string;
  settings: DeploymentSettings;
}

/** The account of AWS's own examples: nothing here is ever deployed. */
const place = { account: "111122223333", region: "eu-west-1" } as const;
const domain = { name: "app.example.com", zoneName: "example.com", hostedZoneId: "Z0123456789ABC" };

/**
 * Returns every pair of topology and preset that makes sense, and production with egress by
 * endpoints and the redirect of port 80.
 *
 * A single instance and the lesson topology are no production: the configuration refuses them there.
 */
export function pairs(): Pair[] {
  const sandboxes = topologyNames.map((topology) => pair(topology, "sandbox"));
  const productions = topologyNames
    .filter((topology) => topologies[topology].redundant && !topologies[topology].lesson)
    .map((topology) => pair(topology, "production"));
  const { settings } = pair("alb-reencrypt", "production");
  const closed: Pair = {
    name: "alb-reencrypt production, egress by endpoints, with a redirect",
    settings: { ...settings, egress: "endpoints", s3PrefixListId: "pl-6da54004", httpRedirect: true },
  };
  return [...sandboxes, ...productions, closed];
}

function pair(topology: Topology, preset: PresetName): Pair {
  const facts = topologies[topology];
  return {
    name: `${topology} ${preset}`,
    settings: {
      ...place,
      preset,
      topology,
      ...(facts.lesson && { lesson: true }),
      ...(preset === "production" && { domain }),
      // Clients see the app's own certificate: in production one that they can verify.
      ...(preset === "production" &&
        !facts.terminatesTls && { instanceCertificate: { acmExport: true } as const }),
    },
  };
}
