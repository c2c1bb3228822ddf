import { type Check, judge, type Question } from "../check.ts";
import type { Answer } from "./fetch-once.ts";

/** What browsers give up after is 20; nobody needs more than a few. */
const MOST_REDIRECTS = 5;

/** Sends one GET. */
export type Get = (path: string) => Promise<Answer>;

/** Follows the start page within its host: redirects must come to an end, and never lead to plain HTTP. */
export async function redirects(url: URL, first: Answer, get: Get): Promise<Check> {
  const question: Question = {
    hop: "client-lb",
    id: "redirects",
    title: "redirects from the start page",
    expected: "an end, and no way to plain HTTP",
    mend: "redirect where plain HTTP comes in and nowhere else; an app behind a load balancer must not judge by its own socket",
  };
  const way = [url.pathname];
  let current = first;
  for (;;) {
    const next = targetOf(current, new URL(way.at(-1) ?? "/", url));
    if (next === undefined) return judge(question, true, shown(way));
    if (next.protocol === "http:") return judge(question, false, `leads to ${next.href}`);
    if (next.host !== url.host) return judge(question, true, `leads to ${next.origin}`);
    const path = next.pathname + next.search;
    if (way.includes(path)) return judge(question, false, `a loop: ${shown([...way, path])}`);
    way.push(path);
    if (way.length > MOST_REDIRECTS) return judge(question, false, `no end: ${shown(way)}`);
    current = await get(path);
  }
}

function targetOf({ status, headers: { location } }: Answer, base: URL): URL | undefined {
  if (status < 300 || status >= 400 || location === undefined) return undefined;
  return URL.canParse(location, base.href) ? new URL(location, base) : undefined;
}

function shown(way: readonly string[]): string {
  return way.length === 1 ? "none" : way.join(" to ");
}
