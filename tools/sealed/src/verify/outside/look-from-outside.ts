import { answer, type Check } from "../check.ts";
import type { Target } from "../target.ts";
import { addressesOf, type Resolve } from "./addresses.ts";
import { endpointOf } from "./dial.ts";
import { lookAtAddress } from "./look-at-address.ts";
import { mergeLooks } from "./merge-looks.ts";

/** A load balancer has one address in each zone, two with IPv6. */
const MOST_ADDRESSES = 16;

/** What a client sees of the path. */
export interface OutsideView {
  checks: Check[];
  /** Nobody answers in TLS: there is no use in asking for pages. */
  isSilent: boolean;
}

/**
 * Looks at the public address as any client can, at each of the addresses that its name has: handshakes, headers,
 * redirects, plain HTTP.
 */
export async function lookFromOutside(
  target: Target,
  signal: AbortSignal,
  now: Date,
  resolve: Resolve = addressesOf,
): Promise<OutsideView> {
  const addresses = await resolve(endpointOf(target.url).host);
  const places = addresses.length < 2 ? [undefined] : addresses.slice(0, MOST_ADDRESSES);
  const looks = await Promise.all(places.map((address) => lookAtAddress(target, address, signal, now)));
  return {
    checks: [...mergeLooks(looks), ...leftOut(addresses.length)],
    isSilent: looks.every(({ isSilent }) => isSilent),
  };
}

function leftOut(count: number): Check[] {
  if (count <= MOST_ADDRESSES) return [];
  const question = {
    hop: "client-lb",
    id: "addresses",
    title: "addresses of the name",
    expected: `${MOST_ADDRESSES} at most`,
    mend: "verify the others by themselves: names that have fewer of the addresses",
  } as const;
  return [answer(question, "unreached", `${count}, of which ${MOST_ADDRESSES} were looked at`)];
}
