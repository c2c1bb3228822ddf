import { lookup } from "node:dns/promises";
import { isIP } from "node:net";

/** Returns the addresses of a host name, each once; none where the name is not known, or is an address itself. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** Asks as every program of this machine does: DNS, the hosts file, both families. */
export async function addressesOf(host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [];
  try {
    const found = await lookup(host, { all: true });
    return [...new Set(found.map(({ address }) => address))];
  } catch {
    // Whoever connects is told the same, and says so.
    return [];
  }
}
