import { answer, type Check, judge } from "../check.ts";
import type { Target } from "../target.ts";
import { certificateChecks } from "./certificate.ts";
import { cipherSuites } from "./cipher-suites.ts";
import { type Dialled, dial } from "./dial.ts";
import { keyExchange } from "./key-exchange.ts";
import type { Look } from "./merge-looks.ts";
import { pageChecks } from "./pages.ts";
import { httpPort, plainOnTlsPort } from "./plain-http.ts";
import { protocolFloor } from "./protocol-floor.ts";

const HOP = { hop: "client-lb" } as const;

/** What was seen at one address. */
export interface AddressLook extends Look {
  /** Nobody answers in TLS. */
  isSilent: boolean;
}

/** Looks at one address of the name; `undefined`: whichever answers. */
export async function lookAtAddress(
  target: Target,
  address: string | undefined,
  signal: AbortSignal,
  now: Date,
): Promise<AddressLook> {
  const { url, trust, httpPort: port } = target;
  const authorities = trust.kind === "authorities" ? trust.pems : undefined;
  const place = { url, address, ...HOP };
  const plain = port === undefined ? [] : [httpPort({ url, address, port }, signal)];
  const dialled = await dial(url, { address, ...(authorities !== undefined && { ca: authorities }) }, signal);
  const look = { address, reached: reachedBy(dialled), isSilent: dialled.outcome !== "connected" };
  const greeting = greet(dialled);
  if (dialled.outcome !== "connected") {
    return { ...look, checks: [greeting, ...(await Promise.all(plain))] };
  }
  const { certificate, chainError } = dialled;
  const groups = await Promise.all([
    certificate === null ? [] : certificateChecks(url, { certificate, chainError }, trust, now),
    protocolFloor(place, signal),
    cipherSuites(place, target.topology, signal),
    keyExchange(dialled, target),
    pageChecks(place, signal),
    plainOnTlsPort(place, signal),
    ...plain,
  ]);
  return { ...look, checks: [greeting, ...groups.flat()] };
}

function reachedBy(dialled: Dialled): Look["reached"] {
  if (dialled.outcome !== "out-of-reach") return "answers";
  return dialled.code === "ECONNREFUSED" ? "closed" : "unknown";
}

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
