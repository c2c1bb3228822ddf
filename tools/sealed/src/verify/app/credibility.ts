import { type Check, judge } from "../check.ts";
import type { HopsReport } from "./hops-report.ts";

/** An observation is seconds old; clocks that are set by the network differ by less than a second. */
const MOST_MINUTES = 5;
const MINUTE_MS = 60_000;

/** Between when the app was asked: many instances that are slow to answer take minutes. */
export interface Asked {
  from: Date;
  until: Date;
}

/** Judges when an observation was made: what a cache has kept tells of another time, however good it looks. */
export function freshness({ instance: subject, observedAt }: HopsReport, { from, until }: Asked): Check {
  const observed = Date.parse(observedAt);
  const minutes = Math.max(from.getTime() - observed, observed - until.getTime()) / MINUTE_MS;
  return judge(
    {
      hop: "lb-app",
      id: "observed-at",
      title: "when the app looked at its hops",
      subject,
      expected: `within ${MOST_MINUTES} minutes of ${from.toISOString()}`,
      mend: "find out who keeps answers, such as a cache in between, and set the clocks of this machine and of the instance",
    },
    minutes <= MOST_MINUTES,
    String(observedAt),
  );
}

/** Finds a report that does not agree with itself; none: it does. */
export function contradictions({ instance: subject, verdict, hops }: HopsReport): Check[] {
  if (verdict === "sealed" || !hops.every(({ sealed }) => sealed)) return [];
  return [
    judge(
      {
        hop: "lb-app",
        id: "verdict",
        title: "the app's verdict on the whole path",
        subject,
        expected: "sealed, as it says of each hop",
        mend: "the hops page (/) says more; a report that does not agree with itself is not believed",
      },
      false,
      String(verdict),
    ),
  ];
}
