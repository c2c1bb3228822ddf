import type { DeploymentSettings } from "@sealed/infra/config";
import type { Preset } from "@sealed/infra/presets";
import { topologies } from "@sealed/infra/topologies";

/** A deployment whose cost is asked: its settings, and what differs from its preset. */
export interface Variant {
  settings: DeploymentSettings;
  preset?: Partial<Preset>;
}

/** A name and a zone that are nobody's, where only the cost of a name is asked. */
const DOMAIN = { name: "app.example.com", zoneName: "example.com", hostedZoneId: "Z0123456789ABC" };
const PREFIX_LIST = "pl-00000000";
const SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:certificate-a1b2c3";

/**
 * Returns the settings with what templates need and what costs nothing: a domain, a prefix list, a certificate.
 *
 * Somebody who asks what production would cost need not have a domain yet.
 */
export function completed(settings: DeploymentSettings): DeploymentSettings {
  const { terminatesTls, lesson } = topologies[settings.topology];
  const isProduction = settings.preset === "production";
  return {
    ...settings,
    ...(lesson && { lesson }),
    ...(isProduction && settings.domain === undefined && { domain: DOMAIN }),
    ...(isProduction &&
      !terminatesTls &&
      settings.instanceCertificate === undefined && { instanceCertificate: { secretArn: SECRET } }),
    ...(settings.egress === "endpoints" &&
      settings.s3PrefixListId === undefined && { s3PrefixListId: PREFIX_LIST }),
  };
}
