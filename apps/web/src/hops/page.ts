import { isRefusal } from "./database-failure.ts";
import { type Fact, factsOf } from "./facts.ts";
import type { Hop, HopsReport } from "./report.ts";
import { type Station, stationsOf } from "./stations.ts";
import { enumerate } from "./wording.ts";

/** How a hop is drawn: with a closed lock, an open one, or as a gap in what can be seen. */
type HopState = "sealed" | "open" | "unseen";

/** What `views/hops.eta` shows of one hop. */
interface HopView {
  number: number;
  title: string;
  state: HopState;
  stateLabel: string;
  observedBy: string;
  problems: readonly string[];
  notes: readonly string[];
  check: { label: string; explanation: string; made: boolean };
  facts: Fact[];
  code: string | undefined;
}

/** What `views/hops.eta` finds in `it`, beside what every view shares. */
export interface HopsPage {
  title: string;
  description: string;
  active: "hops";
  styles: string[];
  scripts: string[];
  verdict: HopsReport["verdict"];
  /** How the whole is drawn: as its worst hop. */
  state: HopState;
  headline: string;
  summary: string;
  caveats: string[];
  stations: Station[];
  hops: HopView[];
  topology: string;
  instance: string;
  observedAt: { iso: string; text: string };
}

/** Turns a report into what the page shows. */
export function hopsPage(report: HopsReport): HopsPage {
  const hops = report.hops.map(viewOf);
  const headline = headlineOf(hops);
  return {
    title: headline,
    description: report.summary,
    active: "hops",
    styles: ["hops.css", "path.css", "card.css"],
    scripts: ["refresh.js"],
    verdict: report.verdict,
    state: worstState(hops),
    headline,
    summary: report.summary,
    caveats: caveatsOf(report.hops),
    stations: stationsOf(report),
    hops,
    topology: report.topology,
    instance: report.instance,
    observedAt: { iso: report.observedAt, text: `${report.observedAt.slice(0, 19).replace("T", " ")} UTC` },
  };
}

function viewOf(hop: Hop, index: number): HopView {
  return {
    number: index + 1,
    title: hop.sameAs === undefined ? `${capitalize(hop.from)} to ${hop.to}` : "Same connection as hop 1",
    state: stateOf(hop),
    stateLabel: stateLabelOf(hop),
    observedBy: { app: "seen by the app", "load balancer": "reported by the load balancer", nobody: "" }[
      hop.observedBy
    ],
    problems: hop.problems,
    notes: hop.notes,
    check: checkOf(hop),
    facts: factsOf(hop),
    code: hop.code,
  };
}

function stateOf(hop: Hop): HopState {
  if (hop.sealed) return "sealed";
  return hop.observedBy === "nobody" ? "unseen" : "open";
}

function stateLabelOf(hop: Hop): string {
  if (hop.sealed) return "Sealed";
  if (hop.code !== undefined) return isRefusal(hop.code) ? "Refused" : "No connection";
  return hop.observedBy === "nobody" ? "Not seen" : "Open";
}

function checkOf({ authentication: { checkedBy, basis, explanation } }: Hop): HopView["check"] {
  const labels = {
    observed: `Checked by the ${checkedBy}`,
    configured: `Checked by the ${checkedBy}, by configuration`,
    unseen: checkedBy === "client" ? "Checked by the client, if at all" : "Nothing to check",
    absent: "Checked by nobody",
  };
  return { label: labels[basis], explanation, made: basis === "observed" || basis === "configured" };
}

function headlineOf(hops: readonly HopView[]): string {
  const worst = worstState(hops);
  if (worst === "sealed") return "Sealed at every hop";
  const places = hops.filter((hop) => hop.state === worst).map((hop) => hop.number);
  return `${worst === "open" ? "Open" : "Not sealed"} at hop${places.length > 1 ? "s" : ""} ${enumerate(places)}`;
}

function worstState(hops: readonly HopView[]): HopState {
  const worstFirst: HopState[] = ["open", "unseen"];
  return worstFirst.find((state) => hops.some((hop) => hop.state === state)) ?? "sealed";
}

/** A sealed hop whose peer nobody checks is worth a sentence beside the verdict. */
function caveatsOf(hops: readonly Hop[]): string[] {
  return hops.flatMap((hop, index) =>
    hop.sealed && hop.authentication.basis === "absent"
      ? [`Hop ${index + 1} is encrypted, but nobody checks whose certificate it is.`]
      : [],
  );
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
