import { dateFormat } from "../date-format.ts";

/** Returns a protocol name as people write it: `TLS 1.3` for `TLSv1.3`. */
export function protocolName(protocol: string): string {
  return protocol.replace(/^TLSv/, "TLS ");
}

/**
 * Says in plain words what kind of key exchange a TLS group is.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-tls-ecdhe-mlkem/
 */
export function groupKind(group: string): string {
  if (/^(x25519|x448|secp\d+r1|p\d+).*mlkem/i.test(group)) return "post-quantum hybrid";
  if (/mlkem/i.test(group)) return "post-quantum";
  return "classical, not post-quantum";
}

/** Returns the first and last bytes of a colon-separated fingerprint, enough to compare by eye. */
export function shortFingerprint(fingerprint256: string): string {
  const bytes = fingerprint256.split(":");
  return bytes.length <= 6 ? fingerprint256 : `${bytes.slice(0, 3).join(":")} … ${bytes.slice(-3).join(":")}`;
}

/** Returns an age in the two largest units that matter: `42 s`, `4 min 12 s`, `2 h 5 min`. */
export function ageInWords(ageMs: number): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1_000));
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${seconds} s`;
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Returns the days left of a certificate as a phrase. */
export function daysLeftInWords(daysLeft: number): string {
  if (daysLeft < 0) return "expired";
  if (daysLeft === 0) return "ends within a day";
  return daysLeft === 1 ? "1 day left" : `${daysLeft} days left`;
}

const dateOf = dateFormat({
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

/** Returns the day of an ISO 8601 time in UTC, as `21 Dec 2026`. */
export function dateInWords(iso: string): string {
  return dateOf(new Date(iso));
}

/** Joins words as a person would: `1`, `1 and 3`, `1, 2 and 3`. */
export function enumerate(words: readonly (string | number)[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
