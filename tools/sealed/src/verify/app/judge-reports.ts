import { type Topology, topologyNames } from "@sealed/infra/topologies";
import { type Check, HOP_IDS, judge, worstOf } from "../check.ts";
import type { Target } from "../target.ts";
import { endsAtApp } from "../target.ts";
import { type Asked, contradictions, freshness } from "./credibility.ts";
import { type HopsReport, hopOf } from "./hops-report.ts";
import { latestByInstance, type Sighting } from "./sighting.ts";

/** Judges what each instance says of the hops, and holds it against what was negotiated with it. */
export function judgeReports(target: Target, sightings: readonly Sighting[], asked: Asked): Check[] {
  return latestByInstance(sightings).flatMap(({ report: { instance } }) => {
    const own = sightings.filter(({ report }) => report.instance === instance);
    const all = own.flatMap((sighting) => judgeReport(target, sighting, asked));
    return [...Map.groupBy(all, ({ hop, id }) => `${hop} ${id}`).values()].flatMap(worstOf);
  });
}

function judgeReport(target: Target, sighting: Sighting, asked: Asked): Check[] {
  return [
    topologyCheck(target.topology, sighting.report),
    freshness(sighting.report, asked),
    ...contradictions(sighting.report),
    ...ownVerdicts(sighting.report),
    ...databaseChecks(sighting.report),
    ...(target.topology === "clb-backend-auth" ? [pinCheck(sighting.report)] : []),
    ...sameConnection(target, sighting),
  ];
}

/** One that there is not has no promises to be held against. */
function topologyCheck(expected: Topology | undefined, { topology, instance: subject }: HopsReport): Check {
  return judge(
    {
      hop: "lb-app",
      id: "topology",
      title: "topology that the app was told",
      subject,
      expected: expected ?? `one of ${topologyNames.join(", ")}`,
      mend: "set TOPOLOGY to what stands in front of the app, or verify with the right --topology",
    },
    topology === expected,
    topology,
  );
}

function ownVerdicts(report: HopsReport): Check[] {
  return HOP_IDS.map((hop) => {
    const { sealed, problems, reason, protocol } = hopOf(report, hop);
    // A classic load balancer tells the app that the client uses HTTPS, and no more.
    const isTold = hop !== "client-lb" || report.topology !== "clb-backend-auth";
    const isShown = !isTold || /^TLSv1\.[23]$/.test(protocol ?? "");
    return judge(
      {
        hop,
        id: "as-the-app-sees-it",
        title: "the app's own verdict",
        subject: report.instance,
        expected: "sealed",
        mend: "the hops page (/) says more",
      },
      sealed && isShown && problems.length === 0,
      sealed && problems.length === 0
        ? sealedText(isShown, protocol)
        : problems.join(" ") || (reason ?? "not sealed"),
    );
  });
}

/** A verdict is believed only where what it rests on stands beside it. */
function sealedText(isShown: boolean, protocol: string | null): string {
  return isShown ? "sealed" : `sealed, it says, over ${protocol ?? "a protocol that it does not name"}`;
}

function databaseChecks(report: HopsReport): Check[] {
  const seen = hopOf(report, "app-db");
  const { sealed, protocol, authenticated, peer, user, tokenAgeMs, requiresSecureTransport } = seen;
  // Nothing was seen of it: the app's own verdict says why.
  if (!sealed && protocol === null && requiresSecureTransport === undefined) return [];
  const common = { hop: "app-db", subject: report.instance } as const;
  return [
    judge(
      {
        ...common,
        id: "database-verified",
        title: "certificate of the database",
        expected: "checked by the app over TLS 1.2 or 1.3",
        mend: "set DB_CA_FILE or AWS_REGION to the roots that the database's certificate comes from",
      },
      authenticated && /^TLSv1\.[23]$/.test(protocol ?? ""),
      `${protocol ?? "no TLS"}, ${peer?.subject ?? "no certificate"}, ${authenticated ? "checked" : "not checked"}`,
    ),
    judge(
      {
        ...common,
        id: "database-enforces-tls",
        title: "plain connections to the database",
        expected: "refused by the server",
        mend: "set require_secure_transport to ON (RDS: 1, in the parameter group)",
      },
      requiresSecureTransport === true,
      requiresSecureTransport === true ? `refused (${seen.serverVersion ?? "database"})` : "accepted",
    ),
    judge(
      {
        ...common,
        id: "database-login",
        title: "login at the database",
        expected: "an IAM token",
        mend: "set DB_AUTH to iam",
      },
      typeof tokenAgeMs === "number",
      typeof tokenAgeMs === "number"
        ? `${user ?? "unknown"}, by an IAM token`
        : `${user ?? "unknown"}, by password`,
    ),
  ];
}

function pinCheck(report: HopsReport): Check {
  const { authenticated } = hopOf(report, "lb-app");
  return judge(
    {
      hop: "lb-app",
      id: "pinned-key",
      title: "who checks the app's key",
      subject: report.instance,
      expected: "the load balancer, against a pinned key",
      mend: "attach the backend authentication policy to the instance port",
    },
    authenticated,
    authenticated ? "the load balancer is configured to" : "nobody",
  );
}

/** A difference means that somebody decrypts between this client and the one who reports. */
function sameConnection({ topology }: Target, { report, tls }: Sighting): Check[] {
  const { protocol, cipher } = hopOf(report, "client-lb");
  if (tls === null || protocol === null || cipher === null) return [];
  const isSame = tls.protocol === protocol && tls.cipher === cipher;
  const reporter = endsAtApp(topology) ? "the app" : "the load balancer";
  return [
    judge(
      {
        hop: "client-lb",
        id: "same-connection",
        title: `this connection, as ${reporter} reports it`,
        subject: report.instance,
        expected: `${tls.protocol}, ${tls.cipher}`,
        mend: "find out what stands between: it ends the client's TLS and opens another connection",
      },
      isSame,
      `${protocol}, ${cipher}`,
    ),
  ];
}
