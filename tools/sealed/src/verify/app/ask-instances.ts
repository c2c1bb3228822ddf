import { type Check, judge } from "../check.ts";
import { fetchOnce } from "../outside/fetch-once.ts";
import type { Target } from "../target.ts";
import { latestByInstance, type Sighting, sightingFrom } from "./sighting.ts";

/** A load balancer takes turns, and one that counts connections does so nearly: this many for each instance. */
const TRIES_PER_INSTANCE = 8;
/** Where nobody knows how many instances there are. */
const TRIES_UNKNOWN = 6;

/** What came of asking the app through its public address. */
export interface AppView {
  checks: Check[];
  /** One for each answer, in the order of the answers. */
  sightings: Sighting[];
}

const QUESTION = {
  hop: "lb-app",
  id: "hops-page",
  title: "what the app says of its hops (/hops.json)",
  mend: "switch the page on with HOPS_PAGE=on (a deployment: preset sandbox), or verify the deployment without URL",
} as const;

/** Asks `/hops.json` until every known instance has answered; nobody's answer is believed without being compared. */
export async function askInstances(target: Target, signal: AbortSignal): Promise<AppView> {
  const { url, instanceNames: names, hopsPage } = target;
  const sightings: Sighting[] = [];
  const missing = new Set(names);
  const most = names.length === 0 ? TRIES_UNKNOWN : names.length * TRIES_PER_INSTANCE;
  for (let tries = 0; tries < most && (names.length === 0 || missing.size > 0); tries++) {
    const found = await askOnce(url, signal);
    if ("problem" in found) return { checks: [absence(found, hopsPage)], sightings };
    sightings.push(found);
    missing.delete(found.report.instance);
  }
  if (hopsPage === "off") return { checks: [unasked()], sightings };
  const answered = latestByInstance(sightings).map(({ report }) => report.instance);
  const page = judge({ ...QUESTION, expected: "a report" }, true, `answered by ${answered.join(", ")}`);
  const strangers = answered.filter((name) => target.areAllKnown && !names.includes(name));
  return { checks: [page, ...turnout(names, missing), ...uninvited(strangers, names)], sightings };
}

interface Problem {
  problem: string;
  status?: number;
}

async function askOnce(url: URL, signal: AbortSignal): Promise<Sighting | Problem> {
  try {
    const answer = await fetchOnce({ at: url, path: "/hops.json", signal });
    const { status, headers } = answer;
    const isOther = status === 200 ? ", and not with a report as this version knows it" : "";
    const leads = headers.location === undefined ? "" : ` to ${headers.location}`;
    return sightingFrom(answer) ?? { problem: `answers with ${status}${leads}${isOther}`, status };
  } catch (error) {
    signal.throwIfAborted();
    return { problem: (error as Error).message };
  }
}

/** A deployment may switch the page off: then it must be off, and AWS is asked instead. */
function absence({ problem, status }: Problem, expected: "on" | "off"): Check {
  if (expected === "off" && status === 404) {
    return judge({ ...QUESTION, expected: "off, as the preset says" }, true, "off");
  }
  const isOff = status === 404 ? "off" : problem;
  return judge(
    { ...QUESTION, expected: expected === "off" ? "off, as the preset says" : "a report" },
    false,
    isOff,
  );
}

function unasked(): Check {
  const mend = "deploy again, or say with the preset that the page is wanted";
  return judge({ ...QUESTION, expected: "off, as the preset says", mend }, false, "on, for everybody");
}

/** Who answers in the app's place speaks for nobody that was looked at. */
function uninvited(strangers: readonly string[], names: readonly string[]): Check[] {
  if (strangers.length === 0) return [];
  const question = {
    hop: "lb-app",
    id: "strangers",
    title: "answers of others",
    expected: `of ${names.join(", ")} alone`,
    mend: "find out who that is; if an instance was just added, repeat",
  } as const;
  return [judge(question, false, `answered too: ${strangers.join(", ")}`)];
}

function turnout(names: readonly string[], missing: ReadonlySet<string>): Check[] {
  if (names.length === 0) return [];
  const question = {
    hop: "lb-app",
    id: "instances",
    title: "instances that answer",
    expected: names.join(", "),
    mend: "look at the health of the one that does not answer, and into its log",
  } as const;
  const seen = missing.size === 0 ? names.join(", ") : `never answered: ${[...missing].join(", ")}`;
  return [judge(question, missing.size === 0, seen)];
}
