import { ServersError } from "../errors.ts";
import { escaped } from "./quote.ts";
import type { BalancedTopology } from "./settings.ts";

/**
 * Replaces the certificates that HAProxy pins while it runs, as setting another list of public keys does on a classic
 * load balancer. Open connections stay open; health checks and new connections are held to the new list.
 *
 * @throws ServersError SERVERS_LOAD_BALANCER_FAILED with another topology, without a certificate, and with HAProxy's
 *   words when it refuses.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_SetLoadBalancerPoliciesForBackendServer.html
 * @see https://docs.haproxy.org/3.2/management.html#9.3-commit%20ssl%20ca-file
 */
export async function trustCertificates(
  command: (line: string) => Promise<string>,
  pinnedFile: string,
  topology: BalancedTopology,
  pinnedCertificatesPem: readonly string[],
): Promise<void> {
  if (topology !== "clb-backend-auth" || pinnedCertificatesPem.length === 0) {
    throw new ServersError(
      "SERVERS_LOAD_BALANCER_FAILED",
      `only clb-backend-auth pins certificates, at least one: got ${topology} and ${pinnedCertificatesPem.length}`,
    );
  }
  // An empty line ends what belongs to a command.
  const payload = pinnedCertificatesPem.join("\n").replaceAll(/\n+/g, "\n");
  const file = escaped(pinnedFile);
  await command(`set ssl ca-file ${file} <<\n${payload}\n`);
  const answer = await command(`commit ssl ca-file ${file}`);
  if (!answer.endsWith("Success!")) {
    throw new ServersError(
      "SERVERS_LOAD_BALANCER_FAILED",
      `the load balancer did not take the pinned certificates: ${answer}`,
    );
  }
}
