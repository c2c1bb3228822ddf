import { endsClientTls, type Topology } from "../settings.ts";
import {
  certificateProblems,
  describePeer,
  type HopEvidence,
  judgeHop,
  protocolProblems,
} from "./evidence.ts";
import type { HopsInput } from "./observation.ts";
import type { Authentication, Hop, PeerCertificate } from "./report.ts";

/** Judges hop 2, from the load balancer to the app, by the socket that the request came in on. */
export function observeAppHop(input: HopsInput, clientHop: Hop): Hop {
  const { topology, connection, forwarded } = input;
  if (endsClientTls(topology)) return sharedHop(topology, clientHop);
  if (connection.encrypted && forwarded === null) return judgeHop(callersOwn(topology));
  const peer = connection.encrypted ? describePeer(input.serverCertificate, input.now) : null;
  return judgeHop({
    ...PLACE,
    protocol: connection.protocol,
    cipher: connection.cipher,
    group: connection.group,
    peer,
    observedBy: "app",
    authentication: connection.encrypted ? checkOfApp(topology) : NOTHING_TO_CHECK,
    problems: connection.encrypted ? tlsProblems(input, peer) : [PLAIN],
    notes: [],
  });
}

const PLACE = { id: "lb-app", from: "load balancer", to: "app" } as const;

const PLAIN = "Plain HTTP: anyone between the load balancer and the app can read and change this traffic.";

/** Somebody went past the load balancer: what this socket shows says nothing about the hop. */
function callersOwn(topology: Topology): HopEvidence {
  return {
    ...PLACE,
    protocol: null,
    cipher: null,
    group: null,
    peer: null,
    observedBy: "nobody",
    authentication: checkOfApp(topology),
    problems: [
      "Not seen: this request did not come through a trusted load balancer, but straight from its sender.",
    ],
    notes: [],
  };
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

function tlsProblems({ topology, connection, now }: HopsInput, peer: PeerCertificate | null): string[] {
  const problems = [...protocolProblems(connection.protocol), ...certificateProblems(peer, "app", now)];
  if (topology === "alb-terminate") {
    problems.push(
      "The topology alb-terminate promises no encryption here: other requests may arrive in plain HTTP.",
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
