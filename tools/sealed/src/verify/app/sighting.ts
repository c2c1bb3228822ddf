import type { Answer } from "../outside/fetch-once.ts";
import { type HopsReport, parseHopsReport } from "./hops-report.ts";

/** One report of the app, with the headers it came with and what was negotiated on that very connection. */
export interface Sighting extends Pick<Answer, "headers" | "tls"> {
  report: HopsReport;
}

/** Returns the report that an answer holds; `undefined`: it holds none. */
export function sightingFrom({ status, body, headers, tls }: Answer): Sighting | undefined {
  const report = status === 200 ? parseHopsReport(body) : undefined;
  return report && { report, headers, tls };
}

/** Returns the latest sighting of each instance, in the order of their names. */
export function latestByInstance(sightings: readonly Sighting[]): Sighting[] {
  const latest = new Map(sightings.map((sighting) => [sighting.report.instance, sighting]));
  return [...latest.values()].sort((one, other) => one.report.instance.localeCompare(other.report.instance));
}
