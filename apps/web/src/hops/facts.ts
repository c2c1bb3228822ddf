import type { Hop, PeerCertificate } from "./report.ts";
import {
  ageInWords,
  dateInWords,
  daysLeftInWords,
  groupKind,
  protocolName,
  shortFingerprint,
} from "./wording.ts";

/** One observed fact: a term, the value as measured, and what it means for a person. */
export interface Fact {
  term: string;
  value: string;
  /** `value` cut where a line may break, so that a long cipher name breaks at a separator. */
  parts: string[];
  /** The value is a name or number as it was seen, not a phrase. */
  measured: boolean;
  meaning?: string;
  /** The whole value, cut where a line may break, where `value` is shortened. */
  full?: string[];
  warns?: boolean;
}

/** Returns what was seen on a hop, in the order a reader asks for it. */
export function factsOf(hop: Hop): Fact[] {
  if (hop.sameAs !== undefined || hop.observedBy === "nobody") return [];
  return [...tlsFacts(hop), ...peerFacts(hop.peer), ...databaseFacts(hop)].map((fact) => ({
    ...fact,
    parts: fact.value.split(/(?<=[_-])/),
  }));
}

type UncutFact = Omit<Fact, "parts">;

function tlsFacts(hop: Hop): UncutFact[] {
  if (hop.observedBy === "app" && hop.protocol === null) {
    return [{ term: "Protocol", value: "none", measured: false, meaning: "not encrypted", warns: true }];
  }
  return [
    fact("Protocol", hop.protocol === null ? null : protocolName(hop.protocol)),
    fact("Cipher", hop.cipher),
    { ...fact("Key exchange", hop.group), ...(hop.group === null ? {} : { meaning: groupKind(hop.group) }) },
  ];
}

function peerFacts(peer: PeerCertificate | null): UncutFact[] {
  if (peer === null) return [];
  const { subject, fingerprint256, notAfter, daysLeft } = peer;
  return [
    {
      term: "Certificate",
      value: subject.replaceAll("\n", ", "),
      measured: true,
      meaning: `${daysLeftInWords(daysLeft)}, until ${dateInWords(notAfter)}`,
      warns: daysLeft < 0,
    },
    {
      term: "Fingerprint",
      value: shortFingerprint(fingerprint256),
      measured: true,
      full: fingerprint256.split(/(?<=:)/),
    },
  ];
}

function databaseFacts(hop: Hop): UncutFact[] {
  if (hop.user === undefined) return [];
  const login: UncutFact =
    typeof hop.tokenAgeMs === "number"
      ? {
          term: "IAM token",
          value: `${ageInWords(hop.tokenAgeMs)} old`,
          measured: true,
          meaning: "used once, at login",
        }
      : { term: "IAM token", value: "none", measured: false, meaning: "the app logs in with a password" };
  return [
    fact("Account", hop.user),
    login,
    hop.requiresSecureTransport === true
      ? {
          term: "Plain connections",
          value: "refused",
          measured: false,
          meaning: "by the server, for every account",
        }
      : {
          term: "Plain connections",
          value: "accepted",
          measured: false,
          meaning: "by the server",
          warns: true,
        },
    hop.userRequiresTls === true
      ? { term: "Account rule", value: "REQUIRE SSL", measured: true }
      : { term: "Account rule", value: "none", measured: false, meaning: "no REQUIRE SSL", warns: true },
  ];
}

function fact(term: string, value: string | null): UncutFact {
  return value === null ? { term, value: "not reported", measured: false } : { term, value, measured: true };
}
