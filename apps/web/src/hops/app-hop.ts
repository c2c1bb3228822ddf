import type { Topology } from "../settings.ts";
import { endsClientTls } from "./client-hop.ts";
import { certificateProblems, describePeer, judgeHop, protocolProblems } from "./evidence.ts";
import type { HopsInput } from "./observation.ts";
import type { Authentication, Hop, PeerCertificate } from "./report.ts";

/** Judges hop 2, from the load balancer to the app, by the socket that the request came in on. */
export function observeAppHop(input: HopsInput, clientHop: Hop): Hop {
  if (endsClientTls(input.topology)) return sharedHop(input.topology, clientHop);
  const { topology, connection, serverCertificate, now } = input;
  const peer = connection.encrypted ? describePeer(serverCertificate, now) : null;
  return judgeHop({
    id: "lb-app",
    from: "load balancer",
    to: "app",
    protocol: connection.protocol,
    cipher: connection.cipher,
    group: connection.group,
    peer,
    observedBy: "app",
    authentication: connection.encrypted ? checkOfApp(topology) : NOTHING_TO_CHECK,
    problems: appHopProblems(input, peer),
    notes: [],
  });
}

function sharedHop(topology: Topology, clientHop: Hop): Hop {
  const { sealed, authenticated, reason, ...evidence } = clientHop;
  const note =
    topology === "single-instance"
      ? "There is no load balancer: this is the same TLS connection as hop 1."
      : "The load balancer passes the bytes through and cannot read them: this is the same TLS connection as hop 1.";
  const from = topology === "single-instance" ? "client" : "load balancer";
  return judgeHop({ ...evidence, id: "lb-app", from, to: "app", notes: [note], sameAs: "client-lb" });
}

function appHopProblems(input: HopsInput, peer: PeerCertificate | null): string[] {
  const { topology, connection, forwarded, now } = input;
  const problems = [];
  if (!connection.encrypted) {
    problems.push(
      "Plain HTTP: anyone between the load balancer and the app can read and change this traffic.",
    );
  } else {
    problems.push(...protocolProblems(connection.protocol), ...certificateProblems(peer, "app", now));
    if (topology === "alb-terminate") {
      problems.push(
        "The topology alb-terminate promises no encryption here: other requests may arrive in plain HTTP.",
      );
    }
  }
  if (forwarded === null) {
    problems.push(
      "This request did not come through a trusted load balancer: this is the caller's own connection.",
    );
  }
  return problems;
}

const NOTHING_TO_CHECK: Authentication = {
  checkedBy: "nobody",
  basis: "absent",
  explanation: "Nobody checks anything: without TLS there is no certificate.",
};

function checkOfApp(topology: Topology): Authentication {
  if (topology === "clb-backend-auth") {
    return {
      checkedBy: "load balancer",
      basis: "configured",
      explanation:
        "The load balancer is configured to accept only the app's pinned public key. The app cannot watch it check.",
    };
  }
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
  return {
    checkedBy: "nobody",
    basis: "absent",
    explanation:
      "Nobody checks the app's certificate: an Application Load Balancer never does. On AWS the chain of security " +
      "groups stands in for it.",
  };
}
