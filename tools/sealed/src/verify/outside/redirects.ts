import { answer, type Check, type CheckStatus } from "../check.ts";
import type { Answer } from "./fetch-once.ts";

/** What browsers give up after is 20; nobody needs more than a few. */
const MOST_REDIRECTS = 5;

/** Sends one GET. */
export type Get = (path: string) => Promise<Answer>;

/** One answer on the way, and what was asked for. */
type Step = Answer & { path: string };

/** Where the start page leads. */
export interface Way {
  /** In the order of the way, the start page first. */
  steps: readonly Step[];
  /** `nowhere`: a redirect without an address that can be read. */
  end: "page" | "nowhere" | "plain" | "elsewhere" | "loop" | "endless";
  /** Address, or the paths of the way. */
  shown: string;
}

/** Follows the start page within its host until there is a page, or no sense in going on. */
export async function follow(url: URL, get: Get): Promise<Way> {
  const steps: Step[] = [];
  const way = [url.pathname];
  for (;;) {
    const path = way.at(-1) ?? "/";
    const current = { path, ...(await get(path)) };
    steps.push(current);
    if (!isRedirect(current)) return { steps, end: "page", shown: shown(way) };
    const next = targetOf(current, new URL(path, url));
    if (next === null) return { steps, end: "nowhere", shown: shown(way) };
    if (next.protocol === "http:") return { steps, end: "plain", shown: next.href };
    if (next.host !== url.host) return { steps, end: "elsewhere", shown: next.origin };
    const ahead = next.pathname + next.search;
    if (way.includes(ahead)) return { steps, end: "loop", shown: shown([...way, ahead]) };
    way.push(ahead);
    if (way.length > MOST_REDIRECTS) return { steps, end: "endless", shown: shown(way) };
  }
}

/** Tells whether a client is sent on. */
export function isRedirect({ status }: Pick<Answer, "status">): boolean {
  return status >= 300 && status < 400;
}

function targetOf({ headers: { location } }: Answer, base: URL): URL | null {
  return location === undefined ? null : URL.parse(location, base.href);
}

function shown(way: readonly string[]): string {
  return way.length === 1 ? "none" : way.join(" to ");
}

const ENDS: Readonly<Record<Way["end"], readonly [status: CheckStatus, words: string]>> = {
  page: ["ok", ""],
  // The start page fails by it.
  nowhere: ["ok", ""],
  plain: ["failed", "leads to "],
  // Another path, with promises of its own: it is verified by its own address.
  elsewhere: ["noted", "not followed to "],
  loop: ["failed", "a loop: "],
  endless: ["failed", "no end: "],
};

/** Judges where the start page leads: redirects must come to an end, and never lead to plain HTTP. */
export function redirectCheck(way: Pick<Way, "end" | "shown">): Check {
  const [status, words] = ENDS[way.end];
  const question = {
    hop: "client-lb",
    id: "redirects",
    title: "redirects from the start page",
    expected: "an end on this host, and no way to plain HTTP",
    mend:
      way.end === "elsewhere"
        ? "verify that host by its own address"
        : "redirect where plain HTTP comes in and nowhere else; an app behind a load balancer must not judge by its own socket",
  } as const;
  return answer(question, status, `${words}${way.shown}`);
}
