import { answer, type Check, judge, type Question } from "../check.ts";
import { endpointOf } from "./dial.ts";
import type { HopPlace, Place } from "./place.ts";
import { isRedirect } from "./redirects.ts";
import { type Spoken, speakPlain, statusOf } from "./speak-plain.ts";

/** The start page, and a page that only the app has: one may be sent on where the other is not. */
const PATHS = ["/", "/hops.json"] as const;

/** A port beside the one of TLS, at the place of the path that is verified. */
export interface PlainPort extends Place {
  port: number;
}

/**
 * Asks a port for plain HTTP: nothing may come back but a redirect to HTTPS. A port that takes the connection is never
 * plainly well otherwise: one that says nothing may only be slow.
 */
export async function httpPort({ url, port, address }: PlainPort, signal: AbortSignal): Promise<Check> {
  const question: Question = {
    hop: "client-lb",
    id: "plain-http",
    title: `plain HTTP on port ${port}`,
    expected: "nothing listens, or a redirect to HTTPS",
    mend: "close the port, or let it do nothing but redirect to HTTPS",
  };
  const at = new URL(`http://${url.hostname}:${port}`);
  return await firstOf(
    async (path) => await speakPlain({ url: at, path, address }, signal),
    (spoken, path) => judgePlain(question, spoken, { path, at, url }),
  );
}

async function firstOf(
  speak: (path: string) => Promise<Spoken>,
  judgeOne: (spoken: Spoken, path: string) => Check,
): Promise<Check> {
  const [start, page] = PATHS;
  const first = judgeOne(await speak(start), start);
  if (first.status !== "ok") return first;
  const second = judgeOne(await speak(page), page);
  return second.status === "ok" ? first : second;
}

function judgePlain(
  question: Question,
  { reached, said, reason }: Spoken,
  { path, at, url }: { path: string; at: URL; url: URL },
): Check {
  if (reached === "closed") return judge(question, true, reason);
  if (reached === "unknown") return answer(question, "unreached", reason);
  if (said === "") return answer(question, reached === "hung-up" ? "noted" : "unreached", reason);
  const status = statusOf(said);
  if (status === 0) return judge(question, false, "answers, not in HTTP");
  const [head = ""] = said.split("\r\n\r\n");
  const location = /^location:[ \t]*(\S+)/im.exec(head)?.[1];
  if (location === undefined || !isRedirect({ status })) {
    return judge(question, false, answered(path, status));
  }
  const target = URL.parse(location, at.href);
  const seen = `${status} to ${location}`;
  if (target?.protocol !== "https:") return judge(question, false, seen);
  if (target.host === url.host) return judge(question, true, seen);
  const mend = "redirect to HTTPS on the same host first: another host has promises of its own";
  return answer({ ...question, mend }, "noted", seen);
}

/**
 * Speaks plain HTTP on the port of TLS. An error may come back, as from an Application Load Balancer and from nginx,
 * and nothing else. A port that stays silent is not plainly well: a server of TLS hangs up at the first byte.
 */
export async function plainOnTlsPort(
  { url, hop, subject, address }: HopPlace,
  signal: AbortSignal,
): Promise<Check> {
  const question: Question = {
    hop,
    ...(subject !== undefined && { subject }),
    id: "plain-on-tls-port",
    title: `plain HTTP on port ${endpointOf(url).port}`,
    expected: "no answer, or an error",
    mend: "let the listener speak TLS only",
  };
  return await firstOf(
    async (path) => await speakPlain({ url, path, address }, signal),
    ({ reached, said, reason }, path) => {
      const isSilent = reached === "waiting" && said === "";
      if (reached === "closed" || reached === "unknown" || isSilent) {
        return answer(question, "unreached", reason);
      }
      const status = statusOf(said);
      if (status === 0) return judge(question, true, "no answer in HTTP");
      return judge(question, status >= 400, answered(path, status));
    },
  );
}

function answered(path: string, status: number): string {
  return path === "/" ? `answers with ${status}` : `${path} answers with ${status}`;
}
