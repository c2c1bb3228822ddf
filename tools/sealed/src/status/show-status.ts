import { tableLines } from "@sealed/console/table";
import type { State, StatusLine } from "./line.ts";

const WORDS: Readonly<Record<State, string>> = {
  ok: "ok",
  attention: "ATTENTION",
  absent: "-",
  unknown: "?",
  unreadable: "not readable",
};

/** Returns the screen: a line for each thing, then the details of those that need attention. */
export function statusLines(title: string, lines: readonly StatusLine[]): string[] {
  return [
    title,
    ...tableLines(lines.map(({ subject, state, text }) => [subject, WORDS[state], text])),
    ...lines.flatMap(({ subject, details }) => details.map((detail) => `${subject}: ${detail}`)),
  ];
}
