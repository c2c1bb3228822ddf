import { answer, type Check, judge, worstOf } from "../check.ts";
import { cipherSuites } from "../outside/cipher-suites.ts";
import { type Dialled, dial } from "../outside/dial.ts";
import { type Answer, fetchOnce } from "../outside/fetch-once.ts";
import { plainOnTlsPort } from "../outside/plain-http.ts";
import { protocolFloor } from "../outside/protocol-floor.ts";
import type { InstanceAddress, Target } from "../target.ts";
import { compareFingerprint, publishedFingerprint } from "./fingerprints.ts";
import { type Sighting, sightingFrom } from "./sighting.ts";

/** Looks at every instance past the load balancer, as the load balancer itself does. */
export async function lookAtInstances(
  target: Target,
  sightings: readonly Sighting[],
  signal: AbortSignal,
): Promise<Check[]> {
  const looks = target.instances.map((instance) => lookAt(instance, target, sightings, signal));
  return (await Promise.all(looks)).flat();
}

async function lookAt(
  { name, url }: InstanceAddress,
  target: Target,
  sightings: readonly Sighting[],
  signal: AbortSignal,
): Promise<Check[]> {
  const dialled = url.protocol === "http:" ? undefined : await dial(url, {}, signal);
  const own = await askForReport(url, target.url.host, signal);
  const subject = name ?? own?.report.instance ?? url.host;
  const encrypted = encryption(subject, url, dialled, own);
  if (dialled?.outcome !== "connected") return [encrypted];
  const served = dialled.certificate?.fingerprint256;
  const throughFront = sightings.filter(({ report }) => report.instance === subject);
  const said = throughFront.length === 0 && own !== undefined ? [own] : throughFront;
  return [
    encrypted,
    await protocolFloor({ url, hop: "lb-app", subject }, signal),
    await cipherSuites({ url, hop: "lb-app", subject }, target.topology, signal),
    await plainOnTlsPort({ url, hop: "lb-app", subject }, signal),
    ...worstOf(
      said.map(({ report }) =>
        compareFingerprint({ hop: "lb-app", subject, served, published: publishedFingerprint(report) }),
      ),
    ),
  ];
}

function encryption(
  subject: string,
  url: URL,
  dialled: Dialled | undefined,
  plain: Sighting | undefined,
): Check {
  const question = {
    hop: "lb-app",
    id: "encrypted",
    title: "TLS at the instance",
    subject,
    expected: "TLS 1.2 or 1.3",
    mend: "let the app terminate TLS itself: TLS_SOURCE, and no UNSEALED_PLAIN_HTTP",
  } as const;
  if (dialled === undefined) {
    return judge(question, false, plain === undefined ? "an address of plain HTTP" : "answers in plain HTTP");
  }
  if (dialled.outcome === "connected") {
    return judge(question, true, `${dialled.protocol}, ${dialled.cipher}, ${dialled.group ?? "no group"}`);
  }
  if (dialled.outcome === "turned-down") return judge(question, false, `no TLS: ${dialled.reason}`);
  return answer(
    { ...question, mend: `start the instance, or check its address ${url.host}` },
    "unreached",
    dialled.reason,
  );
}

/** Its own word for what it is, past the load balancer: it answers under the public name only. */
async function askForReport(at: URL, host: string, signal: AbortSignal): Promise<Sighting | undefined> {
  let found: Answer;
  try {
    found = await fetchOnce({ at, path: "/hops.json", host, signal });
  } catch {
    signal.throwIfAborted();
    // What the handshake says of it is told anyway.
    return undefined;
  }
  return sightingFrom(found);
}
