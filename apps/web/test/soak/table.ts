import { styleText } from "node:util";
import type { SoakReport } from "./soak.ts";

const MOST_FAILURES = 20;

/** Returns a soak's result as lines for people; the last one is the verdict. */
export function soakTable(report: SoakReport, minutes: number): string[] {
  const { counts, failures, findings, requests, isFlat, shortfalls } = report;
  const { tokens, logins, failedLogins, certificates, warnings } = counts;
  const row = (cells: readonly string[]) =>
    cells.map((cell, index) => (index === 0 ? cell.padEnd(14) : cell.padStart(9))).join("");
  return [
    `${minutes} minutes: ${requests} requests, ${failures.length} failed; ` +
      `${tokens} tokens, ${logins} logins, ${failedLogins} failed; ${certificates} certificates; ${warnings} warnings`,
    ...failures.slice(0, MOST_FAILURES).map((failure) => `  ${failure}`),
    ...shortfalls.map((shortfall) => `  too little: ${shortfall}`),
    row(["", "begin", "end", "growth", "allowed", ""]),
    ...findings.map(({ measure, begin, end, allowed, isFlat: flat }) =>
      row([measure, ...[begin, end, end - begin, allowed].map(figure), flat ? "flat" : "GROWS"]),
    ),
    isFlat ? styleText("green", "flat") : styleText("red", "not flat"),
  ];
}

function figure(value: number): string {
  return Number.isInteger(value) ? `${value}` : value.toFixed(2);
}
