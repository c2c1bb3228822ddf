import { compareFingerprint, publishedFingerprint } from "../app/fingerprints.ts";
import type { Sighting } from "../app/sighting.ts";
import { answer, type Check, worstOf } from "../check.ts";
import { endsAtApp } from "../target.ts";
import type { Deployed } from "./deployed.ts";
import type { Published } from "./published.ts";

const BY_LOG = "in its log";

/** What is known of the certificates of a deployment's instances. */
export interface Certificates {
  published: readonly Published[];
  sightings: readonly Sighting[];
  /** Whether the instances were asked to look at what they serve. */
  isProbed: boolean;
  /** By instance id, what they found; absent: nobody looked, or nobody could. */
  served: ReadonlyMap<string, string | undefined> | undefined;
}

/**
 * Compares what each instance has published in its log with what is served in its name: to this client where the app
 * ends the client's TLS, else to a look from inside, and with what comes through the load balancer as its word.
 */
export function instanceFingerprints(deployed: Deployed, certificates: Certificates): Check[] {
  const { config } = deployed.deployment;
  if (config.topology === "alb-terminate") return [];
  return [
    ...deployed.instanceIds.flatMap((id) => compareInstance(id, certificates)),
    ...(endsAtApp(config.topology) ? servedToClients(certificates) : []),
    ...(certificates.isProbed || endsAtApp(config.topology) ? [] : [notLookedInside()]),
  ];
}

function compareInstance(id: string, { published, sightings, served }: Certificates): Check[] {
  const own = published.find(({ instanceId }) => instanceId === id);
  if (own === undefined) return [unpublished(id)];
  const { name, fingerprint256 } = own;
  const common = { hop: "lb-app", published: fingerprint256, publishedBy: BY_LOG } as const;
  const said = sightings.filter(({ report }) => report.instance === name);
  return [
    ...worstOf(
      said.map(({ report }) =>
        compareFingerprint({ ...common, subject: name, served: publishedFingerprint(report) }),
      ),
    ),
    ...(served === undefined
      ? []
      : [compareFingerprint({ ...common, subject: `${id}, asked from inside`, served: served.get(id) })]),
  ];
}

function servedToClients({ published, sightings }: Certificates): Check[] {
  return published.flatMap(({ name: subject, fingerprint256 }) =>
    worstOf(
      sightings
        .filter(({ report }) => report.instance === subject)
        .map(({ tls }) =>
          compareFingerprint({
            hop: "client-lb",
            subject,
            served: tls?.certificate?.fingerprint256,
            published: fingerprint256,
            publishedBy: BY_LOG,
          }),
        ),
    ),
  );
}

function unpublished(subject: string): Check {
  return answer(
    {
      hop: "lb-app",
      id: "fingerprint",
      title: "certificate that the instance publishes in its log",
      subject,
      expected: "its fingerprint",
      mend: "repeat in a minute: the log is sent with a delay",
    },
    "noted",
    "nothing yet",
  );
}

function notLookedInside(): Check {
  return answer(
    {
      hop: "lb-app",
      id: "fingerprint-inside",
      title: "certificate served to the load balancer",
      expected: "the one that each instance publishes",
      mend: "npx sealed verify --probe-instances lets each instance look at what it serves, through Systems Manager",
    },
    "noted",
    "not looked at: the load balancer checks none, and nobody else is let in",
  );
}
