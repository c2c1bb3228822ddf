import { type Check, judge, type Question } from "../check.ts";
import { fetchOnce } from "./fetch-once.ts";
import type { Place } from "./place.ts";
import { follow, redirectCheck, type Way } from "./redirects.ts";
import { securityHeaders } from "./security-headers.ts";

/** Nobody has a page there: what is sent with it is sent with errors. */
const NO_PAGE = "/no-such-page-sealed-verify-asks";

const QUESTION: Question = {
  hop: "client-lb",
  id: "start-page",
  title: "start page",
  expected: "a page, or a redirect to one",
  mend: "look into the log of the app: readiness says what is missing",
};

/** Judges the start page, whatever it redirects to, and an error: each answer must carry the headers. */
export async function pageChecks({ url, address }: Place, signal: AbortSignal): Promise<Check[]> {
  const get = (path: string) => fetchOnce({ at: url, path, address, signal });
  try {
    const way = await follow(new URL("/", url), get);
    const missing = { path: NO_PAGE, ...(await get(NO_PAGE)) };
    return [startPage(way), ...securityHeaders([...way.steps, missing]), redirectCheck(way)];
  } catch (error) {
    signal.throwIfAborted();
    return [judge(QUESTION, false, (error as Error).message)];
  }
}

function startPage({ steps, end }: Way): Check {
  const bad = steps.find(({ status }) => status >= 400) ?? (end === "nowhere" ? steps.at(-1) : undefined);
  const { path, status } = bad ?? steps[0] ?? { path: "/", status: 0 };
  const about = path === "/" ? "" : `${path} `;
  return judge(QUESTION, bad === undefined, `${about}answers with ${status}`);
}
