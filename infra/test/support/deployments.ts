import type { DeploymentSettings } from "../../lib/config.ts";
import { ownCertificate, production, sandbox, withSecrets } from "./assemblies.ts";

/** Every pair of topology and preset that makes sense, and the other choices of egress. */
export const deployments: readonly [string, DeploymentSettings][] = [
  ["alb-reencrypt in a sandbox", sandbox],
  ["clb-backend-auth in a sandbox", { ...sandbox, topology: "clb-backend-auth" }],
  ["nlb-passthrough in a sandbox", { ...sandbox, topology: "nlb-passthrough" }],
  ["single-instance in a sandbox", { ...sandbox, topology: "single-instance" }],
  ["alb-terminate in a sandbox, for a lesson", { ...sandbox, topology: "alb-terminate", lesson: true }],
  ["alb-reencrypt in production", production],
  ["clb-backend-auth in production", { ...production, topology: "clb-backend-auth" }],
  [
    "nlb-passthrough in production",
    { ...production, topology: "nlb-passthrough", instanceCertificate: { acmExport: true } },
  ],
  [
    "egress by endpoints in production",
    { ...production, egress: "endpoints", s3PrefixListId: "pl-6da54004" },
  ],
  ["nlb-passthrough with a certificate of one's own", ownCertificate],
  ["alb-reencrypt with secrets as environment variables", withSecrets],
  ["alb-reencrypt with a redirect in a sandbox", { ...sandbox, httpRedirect: true }],
];
