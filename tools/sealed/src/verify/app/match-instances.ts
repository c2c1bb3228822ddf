import { answer, type Check } from "../check.ts";
import { dial } from "../outside/dial.ts";
import { endsAtApp, type Target } from "../target.ts";
import { compareFingerprint, publishedFingerprint } from "./fingerprints.ts";
import type { Sighting } from "./sighting.ts";

/**
 * Finds the instances of an address among those that did not say who they are, by the certificate that they publish. One
 * that is not among them has its own word only, and that seals no hop. A deployment has AWS to ask instead.
 *
 * @param behind - What was found already of instances that said who they are.
 */
export async function matchInstances(
  target: Target,
  sightings: readonly Sighting[],
  behind: readonly Check[],
  signal: AbortSignal,
): Promise<Check[]> {
  const { origin, topology, instances } = target;
  if (origin !== "url" || endsAtApp(topology) || topology === "alb-terminate") return [];
  const known = new Set(behind.map(({ subject }) => subject));
  const left = eachCertificate(sightings).filter(({ report }) => !known.has(report.instance));
  if (left.length === 0) return [];
  const nameless = instances.filter(({ url }) => known.has(url.host));
  const served = await Promise.all(nameless.map(({ url }) => servedAt(url, signal)));
  return left.map(({ report }) => {
    const published = publishedFingerprint(report);
    const compared = served.map((one) =>
      compareFingerprint({ hop: "lb-app", subject: report.instance, served: one, published }),
    );
    const at = compared.findIndex(({ status }) => status === "ok");
    // Instances may share a certificate: each address speaks for one of them.
    if (at >= 0) served.splice(at, 1);
    return compared[at] ?? unmatched(report.instance, instances.length);
  });
}

/** Two may have the same name: each certificate that is published under it counts. */
function eachCertificate(sightings: readonly Sighting[]): Sighting[] {
  const byCertificate = Map.groupBy(
    sightings,
    ({ report }) => `${report.instance} ${publishedFingerprint(report)}`,
  );
  return [...byCertificate.values()].flatMap((same) => same.slice(0, 1));
}

async function servedAt(url: URL, signal: AbortSignal): Promise<string | undefined> {
  if (url.protocol === "http:") return undefined;
  const dialled = await dial(url, {}, signal);
  return dialled.outcome === "connected" ? dialled.certificate?.fingerprint256 : undefined;
}

function unmatched(subject: string, given: number): Check {
  return answer(
    {
      hop: "lb-app",
      id: "fingerprint",
      title: "certificate served, against the one the instance publishes",
      subject,
      expected: "compared",
      mend: "give --instance URL for each instance, or verify the deployment without URL",
    },
    "unreached",
    given === 0 ? "nobody looked" : "nobody looked: no --instance serves what it publishes",
  );
}
