import { hostname } from "node:os";
import type { HopsReport } from "./app/hops-report.ts";
import type { Target } from "./target.ts";
import type { Verdict } from "./verdict.ts";

/** Everything that is told of one verification: what `--json` prints and what the report page shows. */
export interface Evidence {
  command: "verify";
  verdict: Verdict["state"];
  says: string;
  url: string;
  origin: Target["origin"];
  topology: string | null;
  /** ISO 8601. */
  verifiedAt: string;
  /** The machine that looked, and whose credentials it had with AWS. */
  from: { machine: string; identity: string | null };
  versions: { sealed: string; node: string; openssl: string };
  hops: Verdict["hops"];
  /** What each instance said of itself. */
  reports: readonly HopsReport[];
}

/** What an evidence is put together from. */
export interface Findings {
  target: Pick<Target, "url" | "origin">;
  verdict: Verdict;
  reports: readonly HopsReport[];
  identity?: string | undefined;
  now: Date;
  version: string;
}

/** Returns what is told of a verification. */
export function evidenceOf({ target, verdict, reports, identity, now, version }: Findings): Evidence {
  return {
    command: "verify",
    verdict: verdict.state,
    says: verdict.says,
    url: target.url.href,
    origin: target.origin,
    topology: verdict.topology ?? null,
    verifiedAt: now.toISOString(),
    from: { machine: hostname(), identity: identity ?? null },
    versions: { sealed: version, node: process.versions.node, openssl: process.versions.openssl },
    hops: verdict.hops,
    reports,
  };
}
