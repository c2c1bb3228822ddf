import type { KeyObject, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { answer, type Check, judge, type Question } from "../check.ts";
import type { Trust } from "../target.ts";
import { endpointOf } from "./dial.ts";

const DAY_MS = 86_400_000;
/** ACM renews 60 days ahead, the app at two thirds of a certificate's life: this late, something is stuck. */
const RENEWAL_OVERDUE_DAYS = 7;
/** The least that public authorities issue for: CA/Browser Forum Baseline Requirements, 6.1.5. */
const LEAST_RSA_BITS = 2_048;
const SOUND_CURVES: ReadonlySet<string> = new Set(["prime256v1", "secp384r1", "secp521r1"]);
const DATE_ERRORS: ReadonlySet<string> = new Set(["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"]);

/** A certificate as it was shown, and what speaks against its chain. */
export interface Shown {
  certificate: X509Certificate;
  /** OpenSSL's code; null: the chain leads to a trusted authority. */
  chainError: string | null;
}

/** Judges the certificate that clients see: chain, name, dates and key. */
export function certificateChecks(
  url: URL,
  { certificate, chainError }: Shown,
  trust: Trust,
  now: Date,
): Check[] {
  const lines = { url, certificate, chainError, trust, now };
  return [chainCheck(lines), nameCheck(lines), validityCheck(lines), keyCheck(lines)];
}

interface Lines extends Shown {
  url: URL;
  trust: Trust;
  now: Date;
}

const HOP = { hop: "client-lb" } as const;

function chainCheck({ certificate, chainError, trust, now }: Lines): Check {
  const question: Question = {
    ...HOP,
    id: "certificate-chain",
    title: "who signed the certificate",
    expected: expectedOf(trust),
    mend: "find out who answers there; with an authority of your own, name its file with --ca",
  };
  const seen = `${oneLine(certificate.subject)}, signed by ${oneLine(certificate.issuer)}`;
  if (trust.kind === "unknown") return answer(question, "unreached", `${seen}; ${trust.reason}`);
  if (trust.kind === "exact") {
    const isThatOne = trust.fingerprints256.includes(certificate.fingerprint256);
    return judge(question, isThatOne, isThatOne ? `${seen}; the one of ${trust.source}` : seen);
  }
  // OpenSSL stops at the dates, which have a check of their own: nothing is known of the rest of the chain. Where its
  // own dates are good, it is another certificate of the chain that clients refuse.
  if (chainError !== null && DATE_ERRORS.has(chainError) && !isInDate(certificate, now)) {
    return answer(question, "unreached", `${seen}; not followed further: ${chainError}`);
  }
  return judge(question, chainError === null, chainError === null ? seen : `${seen}: ${inWords(chainError)}`);
}

/** Node has no name for what OpenSSL finds too weak: X509_V_ERR_CA_MD_TOO_WEAK and its neighbours. */
function inWords(chainError: string): string {
  return chainError === "UNSPECIFIED"
    ? "too weak for OpenSSL, such as a signature by way of SHA-1 or a short key"
    : chainError;
}

function isInDate({ validFromDate: from, validToDate: to }: X509Certificate, now: Date): boolean {
  return now >= from && now <= to;
}

function expectedOf(trust: Trust): string {
  if (trust.kind === "exact") return `the certificate of ${trust.source}`;
  return trust.kind === "authorities" && trust.source !== undefined ? trust.source : "a public authority";
}

function nameCheck({ url, certificate, trust }: Lines): Check {
  const { host } = endpointOf(url);
  // Browsers read the name from nowhere but the alternative names: RFC 9525, 2.
  const matches =
    isIP(host) === 0 ? certificate.checkHost(host, { subject: "never" }) : certificate.checkIP(host);
  const question: Question = {
    ...HOP,
    id: "certificate-name",
    title: "name in the certificate",
    expected: host,
    mend: "serve a certificate for this name, or use the name that the certificate has",
  };
  const names = certificate.subjectAltName ?? "no name at all";
  if (matches !== undefined) return judge(question, true, names);
  // Without a domain the certificate is known as a whole, and its name is nobody's.
  const isKnownAsAWhole =
    trust.kind === "exact" && trust.fingerprints256.includes(certificate.fingerprint256);
  return answer(question, isKnownAsAWhole ? "noted" : "failed", names);
}

function validityCheck({ certificate, now }: Lines): Check {
  const { validFromDate: from, validToDate: to } = certificate;
  const daysLeft = Math.floor((to.getTime() - now.getTime()) / DAY_MS);
  const question: Question = {
    ...HOP,
    id: "certificate-validity",
    title: "days of the certificate",
    expected: `valid, and renewed ${RENEWAL_OVERDUE_DAYS} days before its end`,
    mend: "renew the certificate, and find out why that did not happen by itself",
  };
  const day = (date: Date) => date.toISOString().slice(0, 10);
  if (now < from) return answer(question, "failed", `valid only from ${day(from)}`);
  if (now > to) return answer(question, "failed", `expired on ${day(to)}`);
  const seen = `until ${day(to)}, ${daysLeft} ${daysLeft === 1 ? "day" : "days"} left`;
  return answer(question, daysLeft < RENEWAL_OVERDUE_DAYS ? "noted" : "ok", seen);
}

function keyCheck({ certificate }: Lines): Check {
  const question: Question = {
    ...HOP,
    id: "certificate-key",
    title: "key of the certificate",
    expected: `EC on P-256 or larger, Ed25519, or RSA with ${LEAST_RSA_BITS} bits or more`,
    mend: "issue the certificate for a new key",
  };
  const key = certificate.publicKey;
  return judge(question, isSound(key), describeKey(key));
}

function isSound({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): boolean {
  if (type === "rsa" || type === "rsa-pss") return (details?.modulusLength ?? 0) >= LEAST_RSA_BITS;
  if (type === "ec") return SOUND_CURVES.has(details?.namedCurve ?? "");
  return type === "ed25519" || type === "ed448";
}

function describeKey({ asymmetricKeyType, asymmetricKeyDetails: details }: KeyObject): string {
  const size = details?.modulusLength ?? details?.namedCurve;
  return [String(asymmetricKeyType).toUpperCase(), size].filter((part) => part !== undefined).join(" ");
}

function oneLine(name: string | undefined): string {
  return name === undefined || name === "" ? "a certificate without a name" : name.replaceAll("\n", ", ");
}
