import { createHash, X509Certificate } from "node:crypto";
import type { PolicyDescription } from "@aws-sdk/client-elastic-load-balancing";
import type { PinnedKey } from "./key-file.ts";

/**
 * Types of a policy, and the attribute that each has.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-create-https-ssl-load-balancer.html
 */
export const POLICY_TYPES = {
  key: { type: "PublicKeyPolicyType", attribute: "PublicKey" },
  auth: { type: "BackendServerAuthenticationPolicyType", attribute: "PublicKeyPolicyName" },
} as const;

/** A policy as far as it matters here: it never changes once it is made. */
export interface Policy {
  name: string;
  kind: keyof typeof POLICY_TYPES;
  /** A public key, or the names of the key policies that are trusted. */
  values: readonly string[];
}

/** Names of policies that are made here: what is in them decides on them, so none has to be changed. */
const OWN_NAME = /^sealed-(key|auth|rotate)-[0-9a-f]{16}(-[0-9a-f]{16})?$/;

/** Returns the policy of a public key. */
export function keyPolicy({ fingerprint, value }: PinnedKey): Policy {
  return { name: `sealed-key-${fingerprint}`, kind: "key", values: [value] };
}

/** Returns the policy that trusts the key of one policy. */
export function authPolicy(keyPolicyName: string): Policy {
  return { name: `sealed-auth-${digest([keyPolicyName])}`, kind: "auth", values: [keyPolicyName] };
}

/** Returns the policy that trusts a new key besides others; its name tells which one is new. */
export function rotationPolicy(keyPolicyNames: readonly string[], { fingerprint }: PinnedKey): Policy {
  const values = [...keyPolicyNames, keyPolicy({ fingerprint, value: "", origin: "" }).name];
  return { name: `sealed-rotate-${fingerprint}-${digest(values)}`, kind: "auth", values };
}

/** Returns the name of the key policy that stays at the end of a rotation; `undefined`: no rotation. */
export function newKeyOf(policyName: string): string | undefined {
  const fingerprint = /^sealed-rotate-([0-9a-f]{16})-/.exec(policyName)?.[1];
  return fingerprint === undefined ? undefined : `sealed-key-${fingerprint}`;
}

/** Whether a policy was made here. */
export function isOwn({ name }: Policy): boolean {
  return OWN_NAME.test(name);
}

function digest(values: readonly string[]): string {
  return createHash("sha256")
    .update([...values].sort().join("\n"))
    .digest("hex")
    .slice(0, 16);
}

/** Returns a policy as the service describes it; `undefined`: of a type that has no part in this. */
export function toPolicy(described: PolicyDescription): Policy | undefined {
  const { PolicyName: name = "", PolicyTypeName, PolicyAttributeDescriptions: attributes = [] } = described;
  for (const kind of ["key", "auth"] as const) {
    const { type, attribute } = POLICY_TYPES[kind];
    if (PolicyTypeName !== type) continue;
    const values = attributes.flatMap(({ AttributeName, AttributeValue = "" }) =>
      AttributeName === attribute ? [kind === "key" ? bareKey(AttributeValue) : AttributeValue] : [],
    );
    return { name, kind, values };
  }
  return undefined;
}

/** The service gives back what it was given: a key with markers and line ends, or a whole certificate, too. */
function bareKey(value: string): string {
  const base64 = value.replaceAll(/-----[A-Z ]+-----|\s/g, "");
  return keyOfCertificate(Buffer.from(base64, "base64")) ?? base64;
}

function keyOfCertificate(der: Buffer): string | undefined {
  try {
    const { publicKey } = new X509Certificate(der);
    return publicKey.export({ format: "der", type: "spki" }).toString("base64");
  } catch {
    // No certificate: a key, then.
    return undefined;
  }
}

/** Whether two policies say the same. */
export function isSamePolicy(one: Policy, other: Policy): boolean {
  return one.kind === other.kind && String([...one.values].sort()) === String([...other.values].sort());
}
