import type { Topology } from "@sealed/infra/topologies";
import { topologyNames } from "@sealed/infra/topologies";
import { askInstances } from "./app/ask-instances.ts";
import { outsideFingerprints } from "./app/fingerprints.ts";
import type { HopsReport } from "./app/hops-report.ts";
import { judgeReports } from "./app/judge-reports.ts";
import { lookAtInstances } from "./app/look-at-instances.ts";
import { matchInstances } from "./app/match-instances.ts";
import { latestByInstance, type Sighting } from "./app/sighting.ts";
import type { Check } from "./check.ts";
import { lookFromOutside } from "./outside/look-from-outside.ts";
import type { Target } from "./target.ts";

/** What was seen of a path without asking AWS. */
export interface PathView {
  /** As it was given, or else as the app says. */
  topology: Topology | undefined;
  checks: readonly Check[];
  sightings: readonly Sighting[];
  /** What each instance said of itself. */
  reports: readonly HopsReport[];
}

/** Looks at a path from outside, asks the app, and compares the two. */
export async function verifyPath(given: Target, signal: AbortSignal, now: Date): Promise<PathView> {
  const began = performance.now();
  const early = given.topology === undefined ? await ownTopology(given, signal) : given.topology;
  const target = { ...given, topology: early };
  const outside = await lookFromOutside(target, signal, now);
  if (outside.isSilent) {
    return { topology: early, checks: outside.checks, sightings: [], reports: [] };
  }
  const app = await askInstances(target, signal);
  const asked = { from: now, until: new Date(now.getTime() + performance.now() - began) };
  const behind = await lookAtInstances(target, app.sightings, signal);
  const matched = await matchInstances(target, app.sightings, behind, signal);
  return {
    topology: early,
    checks: [
      ...outside.checks,
      ...outsideFingerprints(target, app.sightings),
      ...app.checks,
      ...judgeReports(target, app.sightings, asked),
      ...behind,
      ...matched,
    ],
    sightings: app.sightings,
    reports: latestByInstance(app.sightings).map(({ report }) => report),
  };
}

/** With nothing to go by, the app's own word decides which promises are held against it. */
async function ownTopology(target: Target, signal: AbortSignal): Promise<Topology | undefined> {
  const { sightings } = await askInstances({ ...target, instanceNames: [], areAllKnown: false }, signal);
  return topologyNames.find((name) => name === sightings[0]?.report.topology);
}
