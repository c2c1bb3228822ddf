import { styleText } from "node:util";
import type { Check, CheckStatus } from "./check.ts";
import type { HopVerdict, State, Verdict } from "./verdict.ts";

const MARKS: Readonly<Record<CheckStatus, string>> = {
  ok: "ok",
  noted: "note",
  failed: "FAIL",
  unreached: "?",
};
const STATES: Readonly<Record<State, string>> = { sealed: "sealed", open: "OPEN", unreached: "NOT SEEN" };
const COLOURS = { ok: "green", noted: "yellow", failed: "red", unreached: "yellow" } as const;
const STATE_COLOURS = { sealed: "green", open: "red", unreached: "yellow" } as const;
const WIDEST_MARK = 4;

/** Returns the verdict for a terminal: hop by hop, what was seen, and what is not as promised with what to do. */
export function verdictLines(verdict: Verdict, url: string, hasColor: boolean): string[] {
  const paint = (colour: Parameters<typeof styleText>[0], text: string) =>
    hasColor ? styleText(colour, text, { validateStream: false }) : text;
  return [
    ...verdict.hops.flatMap((hop, index) => [
      "",
      `hop ${index + 1}  ${hop.from} to ${hop.to}  ${paint(STATE_COLOURS[hop.state], STATES[hop.state])}`,
      `      by design the certificate is checked by ${hop.checkedBy}`,
      ...hop.checks.flatMap((check) => checkLines(check, paint)),
    ]),
    "",
    `${paint(STATE_COLOURS[verdict.state], headline(verdict))}  ${url}`,
  ];
}

type Paint = (colour: "green" | "yellow" | "red", text: string) => string;

function checkLines({ status, title, subject, seen, expected, mend }: Check, paint: Paint): string[] {
  const mark = paint(COLOURS[status], MARKS[status].padEnd(WIDEST_MARK));
  const about = subject === undefined ? title : `${title} (${subject})`;
  const line = `  ${mark}  ${about}: ${seen}`;
  if (status === "ok") return [line];
  return [line, `        expected: ${expected}`, ...(mend === undefined ? [] : [`        do: ${mend}`])];
}

/** Returns the verdict in a few words. */
function headline({
  state,
  topology,
  says,
  hops,
}: Pick<Verdict, "state" | "topology" | "says" | "hops">): string {
  const what = topology === undefined ? "" : ` (${topology})`;
  const count = hops.flatMap(({ checks }) => checks).filter(({ status }) => status === "noted").length;
  const notes = count === 0 ? "" : `, ${count} ${count === 1 ? "note" : "notes"}`;
  return `${STATES[state]}${what}: ${says}${notes}`;
}

/** Returns the hops in one line each, for the end of a deployment. */
export function hopLines(hops: readonly HopVerdict[]): string[] {
  return hops.flatMap((hop, index) => [
    `  hop ${index + 1}  ${hop.from} to ${hop.to}  ${STATES[hop.state]}`,
    ...hop.checks
      .filter(({ status }) => status === "failed" || status === "unreached")
      .flatMap((check) => checkLines(check, (_, text) => text)),
  ]);
}
