import { observeAppHop } from "./app-hop.ts";
import { observeClientHop } from "./client-hop.ts";
import { observeDatabaseHop } from "./database-hop.ts";
import type { HopsInput } from "./observation.ts";
import type { HopsReport } from "./report.ts";
import { summarize } from "./summary.ts";

/** Judges the whole path by what was observed for one request; claims nothing beyond that. */
export function observeHops(input: HopsInput): HopsReport {
  const client = observeClientHop(input);
  const hops = [client, observeAppHop(input, client), observeDatabaseHop(input)] as const;
  return {
    topology: input.topology,
    verdict: hops.every((hop) => hop.sealed) ? "sealed" : "open",
    summary: summarize(hops),
    hops,
    instance: input.instance,
    observedAt: new Date(input.now).toISOString(),
  };
}
