import type { Topology } from "@sealed/infra/topologies";
import { answer, type Check, judge, type Question } from "../check.ts";
import { dial } from "./dial.ts";
import { offerOld } from "./offer-old.ts";
import type { HopPlace } from "./place.ts";
import { turnedDown } from "./protocol-floor.ts";

/**
 * What must not be accepted, each kind as OpenSSL's list: CBC has a history of padding attacks, static RSA has no
 * forward secrecy, and anonymous or null suites no secrecy at all.
 *
 * @see https://wiki.mozilla.org/Security/Server_Side_TLS
 */
const KINDS = [
  {
    name: "CBC",
    ciphers:
      "ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA:ECDHE-RSA-AES256-SHA:" +
      "ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA384:ECDHE-RSA-AES256-SHA384:" +
      "DHE-RSA-AES128-SHA:DHE-RSA-AES256-SHA:DHE-RSA-AES128-SHA256:DHE-RSA-AES256-SHA256:" +
      "ECDHE-ECDSA-CAMELLIA128-SHA256:ECDHE-RSA-CAMELLIA128-SHA256:ECDHE-ECDSA-CAMELLIA256-SHA384:" +
      "ECDHE-RSA-CAMELLIA256-SHA384:DHE-RSA-CAMELLIA128-SHA:DHE-RSA-CAMELLIA256-SHA",
  },
  { name: "static RSA", ciphers: "kRSA" },
  { name: "anonymous or null", ciphers: "aNULL:eNULL" },
] as const;

/** RSA, DHE and ECDHE with 3DES, RC4 and DES, and what the United States once let out: no OpenSSL of today knows them. */
const OLD = {
  name: "3DES, RC4 or older",
  version: 0x0303,
  suites: [
    0x000a, 0x0016, 0x0013, 0xc008, 0xc012, 0x0004, 0x0005, 0xc007, 0xc011, 0x0009, 0x0015, 0x0003, 0x0006,
    0x0008, 0x0014,
  ],
};

/** Offers what must not be accepted, kind by kind. */
export async function cipherSuites(
  { url, hop, subject, address }: HopPlace,
  topology: Topology | undefined,
  signal: AbortSignal,
): Promise<Check> {
  const [old, ...dialled] = await Promise.all([
    offerOld({ url, address }, OLD, signal),
    ...KINDS.map(({ ciphers }) =>
      dial(url, { maxVersion: "TLSv1.2", ciphers: `${ciphers}:@SECLEVEL=0`, address }, signal),
    ),
  ]);
  const question: Question = {
    hop,
    ...(subject !== undefined && { subject }),
    id: "cipher-suites",
    title: "CBC, static RSA, anonymous suites, 3DES, RC4",
    expected: "turned down",
    mend: "let the listener accept suites with forward secrecy and authenticated encryption only",
  };
  const accepted: { name: string; cipher: string }[] = KINDS.flatMap(({ name }, index) => {
    const one = dialled[index];
    return one?.outcome === "connected" ? [{ name, cipher: one.cipher }] : [];
  });
  if (old.outcome === "agreed") accepted.push({ name: OLD.name, cipher: `0x${hex(old.suite)}` });
  if (accepted.length === 0) return turnedDown(question, [old, ...dialled]);
  const seen = `accepted: ${accepted.map(({ name, cipher }) => `${name} (${cipher})`).join(", ")}`;
  if (
    hop === "client-lb" &&
    topology === "clb-backend-auth" &&
    accepted.every(({ name }) => CLASSIC_KINDS.includes(name))
  ) {
    return answer({ ...question, ...CLASSIC }, "noted", seen);
  }
  return judge(question, false, seen);
}

function hex(suite: number): string {
  return suite.toString(16).padStart(4, "0");
}

const CLASSIC_KINDS: readonly string[] = ["CBC", "static RSA"];
// Its newest predefined policy, TLS-1-2-2017-01, has eight such suites beside four good ones.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-security-policy-table.html
const CLASSIC = {
  expected: "turned down; the newest policy of a Classic Load Balancer accepts CBC and static RSA as well",
  mend: "nothing: browsers choose better suites; another topology has none of these",
};
