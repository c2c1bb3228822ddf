import type { BalancedTopology } from "./settings.ts";

/** The whole HTTP answers that a load balancer gives by itself. */
export interface BalancerReplies {
  /** An instance was chosen and cannot be reached, or is not the pinned one. */
  unreachable: string;
  /** There is no instance to choose. */
  noneRegistered: string;
}

/**
 * Returns the answers of the AWS load balancer of a topology: an ALB tells 502 from 503, a classic one does not.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/ts-elb-error-message.html
 */
export function balancerReplies(topology: BalancedTopology): BalancerReplies {
  if (topology === "clb-backend-auth") {
    const reply = response("503 Service Unavailable: Back-end server is at capacity", "");
    return { unreachable: reply, noneRegistered: reply };
  }
  return {
    unreachable: response("502 Bad Gateway", page("502 Bad Gateway")),
    noneRegistered: response(
      "503 Service Temporarily Unavailable",
      page("503 Service Temporarily Unavailable"),
    ),
  };
}

function response(status: string, body: string): string {
  const type = body === "" ? [] : ["Server: awselb/2.0", "Content-Type: text/html"];
  return [`HTTP/1.1 ${status}`, ...type, `Content-Length: ${body.length}`, "", body].join("\r\n");
}

function page(title: string): string {
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
}
