import { answer, type Check, judge } from "../check.ts";
import type { Target } from "../target.ts";
import { certificateChecks } from "./certificate.ts";
import { cipherSuites } from "./cipher-suites.ts";
import { type Dialled, dial } from "./dial.ts";
import { fetchOnce } from "./fetch-once.ts";
import { keyExchange } from "./key-exchange.ts";
import { httpPort, plainOnTlsPort } from "./plain-http.ts";
import { protocolFloor } from "./protocol-floor.ts";
import { redirects } from "./redirects.ts";
import { securityHeaders } from "./security-headers.ts";

/** What a client sees of the path. */
export interface OutsideView {
  checks: Check[];
  /** Nobody answers in TLS: there is no use in asking for pages. */
  isSilent: boolean;
}

const HOP = { hop: "client-lb" } as const;

/** Looks at the public address as any client can: handshakes, headers, redirects, plain HTTP. */
export async function lookFromOutside(target: Target, signal: AbortSignal, now: Date): Promise<OutsideView> {
  const { url, trust } = target;
  const authorities = trust.kind === "authorities" ? trust.pems : undefined;
  const dialled = await dial(url, { ...(authorities !== undefined && { ca: authorities }) }, signal);
  const greeting = greet(dialled);
  if (dialled.outcome !== "connected") return { checks: [greeting], isSilent: true };
  const { certificate, chainError } = dialled;
  const groups = await Promise.all([
    certificate === null ? [] : certificateChecks(url, { certificate, chainError }, trust, now),
    protocolFloor({ url, ...HOP }, signal).then(alone),
    cipherSuites(url, target.topology, signal).then(alone),
    alone(keyExchange(dialled, target)),
    pages(url, signal),
    plainHttp(target, signal),
  ]);
  return { checks: [greeting, ...groups.flat()], isSilent: false };
}

const alone = (check: Check): Check[] => [check];

function greet(dialled: Dialled): Check {
  const question = {
    ...HOP,
    id: "encrypted",
    title: "TLS at the public address",
    expected: "TLS 1.2 or 1.3",
    mend: "start the path, and check its address, the firewall and the security groups",
  };
  switch (dialled.outcome) {
    case "connected":
      return judge(question, true, `${dialled.protocol}, ${dialled.cipher}`);
    case "turned-down":
      return judge(question, false, `no TLS: ${dialled.reason}`);
    default:
      return answer(question, "unreached", dialled.reason);
  }
}

async function pages(url: URL, signal: AbortSignal): Promise<Check[]> {
  const get = (path: string) => fetchOnce({ at: url, path, signal });
  const question = {
    ...HOP,
    id: "start-page",
    title: "start page",
    expected: "a page, or a redirect to one",
    mend: "look into the log of the app: readiness says what is missing",
  };
  try {
    const first = await get("/");
    const status = judge(question, first.status < 400, `answers with ${first.status}`);
    return [status, ...securityHeaders(first), await redirects(new URL("/", url), first, get)];
  } catch (error) {
    signal.throwIfAborted();
    return [judge(question, false, (error as Error).message)];
  }
}

async function plainHttp({ url, httpPort: port }: Target, signal: AbortSignal): Promise<Check[]> {
  return await Promise.all([
    plainOnTlsPort({ url, ...HOP }, signal),
    ...(port === undefined ? [] : [httpPort(url, port, signal)]),
  ]);
}
