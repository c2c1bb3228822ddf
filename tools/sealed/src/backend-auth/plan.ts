import { SealedError } from "../errors.ts";
import { authOn, type Balancer } from "./balancer.ts";
import type { PinnedKey } from "./key-file.ts";
import {
  authPolicy,
  isOwn,
  isSamePolicy,
  keyPolicy,
  newKeyOf,
  type Policy,
  rotationPolicy,
} from "./policy.ts";

/** One change, which can be read back. */
export type Step =
  | { do: "create"; policy: Policy }
  | { do: "set"; port: number; policyNames: readonly string[] }
  | { do: "delete"; policy: Policy };

/** Returns what makes a key the only one that is trusted on a port which trusts none so far. */
export function planAttach(balancer: Balancer, port: number, key: PinnedKey): Step[] {
  const ofKey = keyPolicy(key);
  const attached = authOn(balancer, port);
  const trusted = trustedKeys(balancer, attached);
  if (trusted.length > 0) {
    if (trusted.length === 1 && trusted.every((policy) => isSamePolicy(policy, ofKey))) return [];
    throw refused(
      `instance port ${port} trusts other keys already (${attached.map(({ name }) => name).join(", ")}): change them ` +
        "without losing a request with rotate --add and rotate --finish",
    );
  }
  return changeTo(balancer, port, { keys: [ofKey], auth: authPolicy(ofKey.name) });
}

/** Returns what makes a port trust a new key besides those it trusts. */
export function planRotation(balancer: Balancer, port: number, key: PinnedKey): Step[] {
  const ofKey = keyPolicy(key);
  const attached = authOn(balancer, port);
  if (attached.length === 0) throw refused(`instance port ${port} trusts no key yet: begin with attach`);
  const trusted = trustedKeys(balancer, attached);
  if (trusted.some((policy) => isSamePolicy(policy, ofKey))) return [];
  const rotating = attached.find(({ name }) => newKeyOf(name) !== undefined);
  if (rotating !== undefined) {
    throw refused(`another key is being rotated in (${rotating.name}): end that first, with rotate --finish`);
  }
  const names = trusted.map(({ name }) => name);
  return changeTo(balancer, port, { keys: [ofKey], auth: rotationPolicy(names, key) });
}

/** Returns what makes a port trust the new key of a rotation alone. */
export function planFinish(balancer: Balancer, port: number): Step[] {
  const attached = authOn(balancer, port);
  if (attached.length === 0)
    throw refused(`instance port ${port} trusts no key: there is no rotation to finish`);
  const newKey = attached.map(({ name }) => newKeyOf(name)).find((name) => name !== undefined);
  // Cut off after the keys were changed: what is left is to clear away.
  if (newKey === undefined) return clearAway(balancer, port, balancer.onPort.get(port) ?? []);
  return changeTo(balancer, port, { keys: [], auth: authPolicy(newKey) });
}

/** Returns what makes a port trust every key again, as it does without a policy. */
export function planDetach(balancer: Balancer, port: number): Step[] {
  const others = withoutAuth(balancer, port);
  const isAttached = authOn(balancer, port).length > 0;
  return [
    ...(isAttached ? [{ do: "set", port, policyNames: others } as const] : []),
    ...clearAway(balancer, port, others),
  ];
}

interface Target {
  keys: readonly Policy[];
  auth: Policy;
}

function changeTo(balancer: Balancer, port: number, { keys, auth }: Target): Step[] {
  // The call replaces all policies of the port: those of other types, such as ProxyProtocol, go along.
  const policyNames = [...withoutAuth(balancer, port), auth.name];
  return [
    ...[...keys, auth].flatMap((policy) => create(balancer, policy)),
    { do: "set", port, policyNames },
    ...clearAway({ ...balancer, policies: [...balancer.policies, auth] }, port, policyNames),
  ];
}

function create({ policies, name }: Balancer, policy: Policy): Step[] {
  const existing = policies.find((one) => one.name === policy.name);
  if (existing === undefined) return [{ do: "create", policy }];
  if (isSamePolicy(existing, policy)) return [];
  throw refused(
    `load balancer ${name} has a policy ${policy.name} with other content, and policies cannot be changed: ` +
      "find out who made it, and delete it",
  );
}

/** Policies of ours that nothing needs once a port has these: first those that name others. */
function clearAway({ policies, onPort }: Balancer, port: number, policyNames: readonly string[]): Step[] {
  const attached = new Set([...new Map(onPort).set(port, policyNames).values()].flat());
  const authsThatStay = policies.filter(
    (policy) => policy.kind === "auth" && (attached.has(policy.name) || !isOwn(policy)),
  );
  const keysThatStay = new Set(authsThatStay.flatMap(({ values }) => values));
  const idle = policies.filter(
    (policy) =>
      isOwn(policy) && (policy.kind === "auth" ? !attached.has(policy.name) : !keysThatStay.has(policy.name)),
  );
  const inOrder = [
    ...idle.filter(({ kind }) => kind === "auth"),
    ...idle.filter(({ kind }) => kind === "key"),
  ];
  return inOrder.map((policy) => ({ do: "delete", policy }));
}

function withoutAuth(balancer: Balancer, port: number): string[] {
  const auth = authOn(balancer, port).map(({ name }) => name);
  return (balancer.onPort.get(port) ?? []).filter((name) => !auth.includes(name));
}

function trustedKeys({ policies }: Balancer, attached: readonly Policy[]): Policy[] {
  const names = new Set(attached.flatMap(({ values }) => values));
  return policies.filter(({ kind, name }) => kind === "key" && names.has(name));
}

function refused(message: string): SealedError {
  return new SealedError("SEALED_BACKEND_AUTH_REFUSED", message);
}
