import { relative } from "node:path";
import type { StartOptions } from "./options.ts";

/** What the text before `ready` tells. */
export interface Picture extends Pick<StartOptions, "topology" | "instances"> {
  url: string;
  /** "MySQL 9.7.4". */
  database: string;
  caFile: string;
  /** The folder from which the reader started the command. */
  workingDirectory: string;
}

interface Hops {
  nodes: string[];
  lines: string[];
}

/** Returns the three hops as plain text, with the address, how to trust it and how to stop. */
export function drawPicture(picture: Picture): string {
  const { nodes, lines } = hops(picture);
  const last = `[${picture.database}]`;
  const caFile = relative(picture.workingDirectory, picture.caFile);
  return [
    "",
    `  ${[...nodes, last].join("")}`,
    "",
    ...lines.map((line) => `  ${line}`),
    `  hop 3  TLS 1.2 or 1.3, certificate and host name verified, IAM token; plain connections are refused`,
    "",
    `  open   ${picture.url}`,
    `  trust  ${caFile}`,
    "         nothing on this machine trusts it by itself: import it into a browser, or try",
    `         curl --cacert ${caFile} ${picture.url}/hops.json`,
    "  stop   Ctrl-C, or npm run stop in another terminal; the data stays until npm run reset",
    "",
  ].join("\n");
}

function hops({ topology, instances }: Picture): Hops {
  const app = instances === 1 ? "[app]" : `[app x ${instances}]`;
  const front = "hop 1  TLS 1.2 or 1.3, certificate from the private CA";
  const path = (balancer: string, second: string) => [
    "[browser]",
    " ==hop 1==> ",
    balancer,
    second,
    app,
    " ==hop 3==> ",
  ];
  switch (topology) {
    case "alb-reencrypt":
      return {
        nodes: path("[ALB]", " ==hop 2==> "),
        lines: [front, "hop 2  TLS again; as with every ALB nobody checks the app's certificate"],
      };
    case "clb-backend-auth":
      return {
        nodes: path("[classic LB]", " ==hop 2==> "),
        lines: [
          "hop 1  TLS 1.2, certificate from the private CA",
          "hop 2  TLS 1.2 again; the load balancer talks to the app's pinned key only",
        ],
      };
    case "nlb-passthrough":
      return {
        nodes: path("[NLB, TCP]", " ==hop 2==> "),
        lines: [front, "hop 2  the same TLS: it ends in the app, and the load balancer cannot read it"],
      };
    case "single-instance":
      return {
        nodes: ["[browser]", " ==hop 1==> ", app, " ==hop 3==> "],
        lines: [front, "hop 2  none: no load balancer stands between"],
      };
    case "alb-terminate":
      return {
        nodes: path("[ALB]", " --hop 2--> "),
        lines: [
          front,
          "hop 2  OPEN: plain HTTP, readable and changeable by whoever sits between; a lesson only",
        ],
      };
  }
}
