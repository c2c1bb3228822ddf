import { endsClientTls, type Topology } from "../settings.ts";
import {
  certificateProblems,
  describePeer,
  type HopEvidence,
  judgeHop,
  protocolProblems,
} from "./evidence.ts";
import type { ForwardedTls, HopsInput } from "./observation.ts";
import type { Hop } from "./report.ts";

/** Judges hop 1, from the client to the load balancer, or to the app itself where the app ends the client's TLS. */
export function observeClientHop(input: HopsInput): Hop {
  return endsClientTls(input.topology) ? judgeHop(ownTls(input)) : judgeHop(reportedTls(input));
}

function ownTls({ topology, connection, serverCertificate, now }: HopsInput): HopEvidence {
  const peer = describePeer(serverCertificate, now);
  const problems = connection.encrypted
    ? [...protocolProblems(connection.protocol), ...certificateProblems(peer, "app", now)]
    : ["The client is connected without TLS: anyone on the way can read and change this traffic."];
  return {
    id: "client-lb",
    from: "client",
    to: topology === "single-instance" ? "app" : "load balancer",
    protocol: connection.protocol,
    cipher: connection.cipher,
    group: connection.group,
    peer: connection.encrypted ? peer : null,
    observedBy: "app",
    authentication: {
      checkedBy: "client",
      basis: "unseen",
      explanation: "Only the client knows whether it checked the app's certificate.",
    },
    problems,
    notes: [],
  };
}

function reportedTls({ topology, forwarded, connection }: HopsInput): HopEvidence {
  const problems = reportProblems(topology, forwarded);
  // A classic load balancer sets no x-amzn-tls-* header: what stands there came from the client.
  const told = topology === "clb-backend-auth" ? null : forwarded;
  return {
    id: "client-lb",
    from: "client",
    to: "load balancer",
    protocol: told?.tlsVersion ?? null,
    cipher: told?.tlsCipher ?? null,
    group: null,
    peer: null,
    observedBy: tellsEnough(topology, forwarded) ? "load balancer" : "nobody",
    authentication: {
      checkedBy: "client",
      basis: "unseen",
      explanation: "Only the client knows whether it checked the load balancer's certificate.",
    },
    problems,
    notes: problems.length > 0 ? [] : reportNotes(topology, connection.encrypted),
  };
}

function tellsEnough(topology: Topology, forwarded: ForwardedTls | null): boolean {
  if (forwarded === null || forwarded.proto === null) return false;
  return forwarded.proto !== "https" || forwarded.tlsVersion !== null || topology === "clb-backend-auth";
}

function reportProblems(topology: Topology, forwarded: ForwardedTls | null): string[] {
  if (forwarded === null) {
    return [
      "Not seen: this request did not come through a trusted load balancer, so nobody reports on this hop.",
    ];
  }
  if (forwarded.proto === null) {
    return ["Not seen: the load balancer did not report how the client is connected (no X-Forwarded-Proto)."];
  }
  if (forwarded.proto !== "https") {
    return [`The load balancer reports that the client is connected over "${forwarded.proto}", not HTTPS.`];
  }
  if (topology === "clb-backend-auth") return [];
  if (forwarded.tlsVersion === null) {
    return [
      "Not seen: the load balancer did not report the TLS version. Switch on its attribute " +
        "routing.http.x_amzn_tls_version_and_cipher_suite.enabled.",
    ];
  }
  return protocolProblems(forwarded.tlsVersion);
}

function reportNotes(topology: Topology, reportIsProtected: boolean): string[] {
  const notes = [];
  if (topology === "clb-backend-auth") {
    notes.push(
      "A Classic Load Balancer reports only that the client uses HTTPS, not the TLS version or the cipher.",
    );
  }
  if (!reportIsProtected) {
    notes.push("This report reached the app over the open hop 2, so nothing protects it.");
  }
  return notes;
}
