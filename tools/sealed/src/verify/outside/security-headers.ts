import { type Check, judge } from "../check.ts";
import type { Answer } from "./fetch-once.ts";

/** Two years: what the app sends, and what https://hstspreload.org asks for. */
const HSTS_SECONDS = 63_072_000;

const HOP = { hop: "client-lb" } as const;

/** Judges what the answer tells browsers: to come back over HTTPS only, and to run nothing foreign. */
export function securityHeaders(answer: Pick<Answer, "headers">): Check[] {
  return [hsts(answer), others(answer)];
}

function hsts({ headers }: Pick<Answer, "headers">): Check {
  const value = headers["strict-transport-security"];
  const seconds = Number(/(?:^|;)\s*max-age="?(\d+)/i.exec(value ?? "")?.[1] ?? 0);
  return judge(
    {
      ...HOP,
      id: "hsts",
      title: "Strict-Transport-Security",
      expected: `max-age of ${HSTS_SECONDS} or more`,
      mend: "send the header with every answer; if the app does, find out what takes it away",
    },
    seconds >= HSTS_SECONDS,
    value ?? "not sent",
  );
}

/** Names with what their value must say. */
const EXPECTED: readonly (readonly [name: string, pattern: RegExp])[] = [
  // Whatever else it allows: no script that stands in a page, and no other site's.
  ["content-security-policy", /^(?!.*(?:unsafe-inline|unsafe-eval|\*)).*(?:default|script)-src/i],
  ["x-content-type-options", /^nosniff$/i],
  ["x-frame-options", /^(?:deny|sameorigin)$/i],
  ["referrer-policy", /no-referrer|strict-origin|same-origin/i],
  ["cross-origin-opener-policy", /^same-origin/i],
];

function others({ headers }: Pick<Answer, "headers">): Check {
  const wrong = EXPECTED.flatMap(([name, pattern]) => {
    const value = headers[name];
    if (value === undefined) return [`${name}: not sent`];
    return pattern.test(String(value)) ? [] : [`${name}: ${value}`];
  });
  const telling = headers["x-powered-by"] === undefined ? [] : [`x-powered-by: ${headers["x-powered-by"]}`];
  const all = [...wrong, ...telling];
  return judge(
    {
      ...HOP,
      id: "security-headers",
      title: "other security headers",
      expected: `${EXPECTED.map(([name]) => name).join(", ")}; no x-powered-by`,
      mend: "send them with every answer; if the app does, find out what changes them",
    },
    all.length === 0,
    all.length === 0 ? "all sent" : all.join("; "),
  );
}
