import { type Check, judge } from "../check.ts";
import { isSoundPolicy } from "./content-security-policy.ts";
import type { Answer } from "./fetch-once.ts";

/** Two years: what the app sends, and what https://hstspreload.org asks for. */
const HSTS_SECONDS = 63_072_000;

const HOP = { hop: "client-lb" } as const;

/** The headers of one answer, and what was asked for. */
export type Sent = Pick<Answer, "headers"> & { path: string };

/** Judges what every answer tells browsers: to come back over HTTPS only, and to run nothing foreign. */
export function securityHeaders(answers: readonly Sent[]): [hsts: Check, others: Check] {
  return [hsts(answers), others(answers)];
}

function hsts(answers: readonly Sent[]): Check {
  const bad = answers.find(({ headers }) => secondsOf(headers) < HSTS_SECONDS);
  const shown = ({ headers }: Sent) => headers["strict-transport-security"] ?? "not sent";
  return judge(
    {
      ...HOP,
      id: "hsts",
      title: "Strict-Transport-Security",
      expected: `max-age of ${HSTS_SECONDS} or more, with every answer`,
      mend: "send the header with every answer; if the app does, find out what takes it away",
    },
    bad === undefined && answers.length > 0,
    bad === undefined ? answers.slice(0, 1).map(shown).join() : `${shown(bad)}${at(bad)}`,
  );
}

function secondsOf(headers: Answer["headers"]): number {
  const value = headers["strict-transport-security"] ?? "";
  return Number(/(?:^|;)\s*max-age="?(\d+)/i.exec(value)?.[1] ?? 0);
}

function at({ path }: Sent): string {
  return path === "/" ? "" : ` (${path})`;
}

/** What browsers follow of a list is the last that they know: https://www.w3.org/TR/referrer-policy/#parse-referrer-policy-from-header */
const REFERRER = /(?:^|,\s*)(?:no-referrer|same-origin|strict-origin|strict-origin-when-cross-origin)\s*$/i;

/** Names with what their value must say. */
const EXPECTED: readonly (readonly [name: string, isSound: (value: string) => boolean])[] = [
  ["content-security-policy", isSoundPolicy],
  ["x-content-type-options", (value) => /^nosniff$/i.test(value)],
  ["x-frame-options", (value) => /^(?:deny|sameorigin)$/i.test(value)],
  ["referrer-policy", (value) => REFERRER.test(value)],
  ["cross-origin-opener-policy", (value) => /^same-origin/i.test(value)],
];

function others(answers: readonly Sent[]): Check {
  const wrong = answers.map((sent) => ({ sent, lines: wrongIn(sent) })).find(({ lines }) => lines.length > 0);
  return judge(
    {
      ...HOP,
      id: "security-headers",
      title: "other security headers",
      expected: `${EXPECTED.map(([name]) => name).join(", ")}; no x-powered-by`,
      mend: "send them with every answer; if the app does, find out what changes them",
    },
    wrong === undefined,
    wrong === undefined ? "all sent" : `${wrong.lines.join("; ")}${at(wrong.sent)}`,
  );
}

function wrongIn({ headers }: Sent): string[] {
  const wrong = EXPECTED.flatMap(([name, isSound]) => {
    const value = headers[name];
    if (value === undefined) return [`${name}: not sent`];
    return isSound(String(value)) ? [] : [`${name}: ${value}`];
  });
  const telling = headers["x-powered-by"];
  return telling === undefined ? wrong : [...wrong, `x-powered-by: ${telling}`];
}
