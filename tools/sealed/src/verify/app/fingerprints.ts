import { type Check, judge, worstOf } from "../check.ts";
import { endsAtApp, type Target } from "../target.ts";
import { type HopsReport, hopOf, isSameFingerprint, shortFingerprint } from "./hops-report.ts";
import type { Sighting } from "./sighting.ts";

/** A certificate that was served, and where it should have come from. */
export interface Served {
  hop: "client-lb" | "lb-app";
  subject: string;
  /** Absent: none was served. */
  served: string | undefined;
  /** What the instance says is its own. */
  published: string | undefined;
  /** Who says so, when it is not the hops page. */
  publishedBy?: string;
}

/**
 * Compares what an instance publishes as its certificate with what is served in its name. Where nobody checks the
 * certificate, this is what notices somebody in between.
 */
export function compareFingerprint({ hop, subject, served, published, publishedBy }: Served): Check {
  const isSame = served !== undefined && published !== undefined && isSameFingerprint(served, published);
  const shown = served === undefined ? "no certificate" : shortFingerprint(served);
  const own = published === undefined ? "nothing" : shortFingerprint(published);
  return judge(
    {
      hop,
      id: "fingerprint",
      title: "certificate served, against the one the instance publishes",
      subject,
      expected: `${own}${publishedBy === undefined ? "" : ` (${publishedBy})`}`,
      mend: "find out who answers in the instance's place; if the certificate was just renewed, repeat",
    },
    isSame,
    isSame ? `the same: ${shown}` : shown,
  );
}

/** Returns the fingerprint that an instance publishes on its hops page. */
export function publishedFingerprint(report: HopsReport): string | undefined {
  return hopOf(report, "lb-app").peer?.fingerprint256;
}

/** Compares, connection by connection, where the client itself sees the app's certificate. */
export function outsideFingerprints({ topology }: Target, sightings: readonly Sighting[]): Check[] {
  if (!endsAtApp(topology)) return [];
  const compared = sightings.map(({ report, tls }) =>
    compareFingerprint({
      hop: "client-lb",
      subject: report.instance,
      served: tls?.certificate?.fingerprint256,
      published: publishedFingerprint(report),
    }),
  );
  return [...Map.groupBy(compared, ({ subject }) => subject).values()].flatMap(worstOf);
}
