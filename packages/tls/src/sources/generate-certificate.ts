import { generateKeyPair, hash, randomBytes, sign } from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";
import { domainToASCII } from "node:url";
import { promisify } from "node:util";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
// These and not @peculiar/x509, which is made of them: it takes three times as long to load, at each start of an app.
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_serverAuth,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from "@peculiar/asn1-x509";
import { TlsError } from "../errors.ts";

/** https://www.rfc-editor.org/rfc/rfc5758#section-3.2; it has no parameters. */
const ECDSA_WITH_SHA256 = new AlgorithmIdentifier({ algorithm: "1.2.840.10045.4.3.2" });

/** https://www.rfc-editor.org/rfc/rfc5280#appendix-A.1, id-at-commonName. */
const COMMON_NAME = "2.5.4.3";

/** Returns a new EC P-256 key and a certificate for it, signed by itself, as PEM texts. */
export async function generateCertificate(options: {
  readonly hosts: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
}): Promise<{ key: string; cert: string }> {
  const names = options.hosts.map(alternativeName);
  const { privateKey, publicKey } = await promisify(generateKeyPair)("ec", { namedCurve: "P-256" });
  const spki = publicKey.export({ type: "spki", format: "der" });
  const subjectPublicKeyInfo = AsnConvert.parse(spki, SubjectPublicKeyInfo);
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialNumber(),
    signature: ECDSA_WITH_SHA256,
    issuer: selfSignedName(),
    subject: selfSignedName(),
    validity: new Validity({ notBefore: options.notBefore, notAfter: options.notAfter }),
    subjectPublicKeyInfo,
    extensions: extensions(names, subjectPublicKeyInfo),
  });
  const signature = sign("sha256", new Uint8Array(AsnConvert.serialize(tbsCertificate)), privateKey);
  const certificate = new Certificate({
    tbsCertificate,
    signatureAlgorithm: ECDSA_WITH_SHA256,
    signatureValue: bytesOf(signature),
  });
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: certificatePem(AsnConvert.serialize(certificate)),
  };
}

/** The subject may hold 64 characters only and no client reads it; the names stand in the extension. */
function selfSignedName(): Name {
  const value = new AttributeValue({ printableString: "self-signed" });
  return new Name([new RelativeDistinguishedName([new AttributeTypeAndValue({ type: COMMON_NAME, value })])]);
}

function extensions(names: GeneralName[], { subjectPublicKey }: SubjectPublicKeyInfo): Extensions {
  // RFC 5280, 4.2.1.2: the first of the two ways to name a key.
  const keyId = hash("sha1", new Uint8Array(subjectPublicKey), "buffer");
  return new Extensions([
    extension(id_ce_basicConstraints, new BasicConstraints({ cA: false }), true),
    extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.digitalSignature), true),
    extension(id_ce_extKeyUsage, new ExtendedKeyUsage([id_kp_serverAuth])),
    extension(id_ce_subjectAltName, new SubjectAlternativeName(names)),
    extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(bytesOf(keyId))),
  ]);
}

function extension(extnID: string, value: object, critical = false): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

function alternativeName(host: string): GeneralName {
  if (isIPv4(host)) return new GeneralName({ iPAddress: host });
  if (isIPv6(host)) return new GeneralName({ iPAddress: plainIpv6(host) });
  const ascii = domainToASCII(host);
  if (!/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(ascii) || ascii.length > 253) {
    throw new TlsError("TLS_OPTION_INVALID", `hosts must be host names or IP addresses, got "${host}"`);
  }
  return new GeneralName({ dNSName: ascii });
}

/** Returns an address without the dotted numbers that `::ffff:10.0.0.1` ends in, which the library cannot read. */
function plainIpv6(address: string): string {
  // A zone, as in fe80::1%eth0, names an interface of one machine and is no part of the address.
  const [withoutZone] = address.split("%");
  return new URL(`https://[${withoutZone}]`).hostname.slice(1, -1);
}

/** Returns 128 random bits, positive and without a leading zero byte, as RFC 5280, 4.1.2.2 wants them. */
function serialNumber(): ArrayBuffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytesOf(bytes);
}

/** Of its own: that of a Buffer can be a pool with bytes of others in it. */
function bytesOf(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

function certificatePem(der: ArrayBuffer): string {
  const lines = Buffer.from(der)
    .toString("base64")
    .replace(/.{64}(?!$)/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
