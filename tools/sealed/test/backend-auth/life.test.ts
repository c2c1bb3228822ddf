import assert from "node:assert/strict";
import test from "node:test";
import { fingerprintOf } from "../../src/backend-auth/key-file.ts";
import { fakeBalancer, fileOf, newKey } from "../support/cloud/fake-balancer.ts";
import type { FakeClassic } from "../support/cloud/fake-classic.ts";
import { selfSigned } from "../support/cloud/self-signed.ts";
import { awsError, sealed } from "../support/harness.ts";

const ON = "--load-balancer lb";
const CHANGES = /^(Create|Set|Delete)/;

/** A policy of another type on the port, which must survive everything. */
function withProxyProtocol(balancer: FakeClassic): void {
  balancer.policies.set("proxy", {
    type: "ProxyProtocolPolicyType",
    attributes: [{ AttributeName: "ProxyProtocol", AttributeValue: "true" }],
  });
  balancer.onPort.set(443, ["proxy"]);
}

test("attach shows its steps and takes none without --apply", async () => {
  const { balancer } = fakeBalancer();
  const { file } = newKey();

  const { exitCode, output } = await sealed(`backend-auth attach ${file} ${ON}`);

  assert.equal(exitCode, 0);
  assert.match(output, /create key policy sealed-key-[0-9a-f]{16}\n/);
  assert.match(output, /create authentication policy sealed-auth-[0-9a-f]{16} that trusts sealed-key-/);
  assert.match(output, /set sealed-auth-[0-9a-f]{16} on instance port 443\n/);
  assert.match(output, /nothing was changed: add --apply/);
  assert.ok(!balancer.calls.some((call) => CHANGES.test(call)));
});

test("attach --apply makes both policies, sets them on the port, and reads each step back", async () => {
  const { balancer } = fakeBalancer();
  const { file, value } = newKey();

  const { exitCode } = await sealed(`backend-auth attach ${file} ${ON} --apply`);

  assert.equal(exitCode, 0);
  assert.deepEqual(balancer.trustedOn(443), [value]);
  const read = ["DescribeLoadBalancers", "DescribeLoadBalancerPolicies"];
  assert.deepEqual(balancer.calls, [
    ...read,
    ...["CreateLoadBalancerPolicy", ...read],
    ...["CreateLoadBalancerPolicy", ...read],
    ...["SetLoadBalancerPoliciesForBackendServer", ...read],
  ]);
});

test("attach twice changes nothing the second time, and another key is sent to rotate", async () => {
  const { balancer } = fakeBalancer();
  const { file, value } = newKey();
  await sealed(`backend-auth create ${file} ${ON} --apply`);

  const again = await sealed(`backend-auth attach ${file} ${ON} --apply`);
  const other = await sealed(`backend-auth attach ${newKey().file} ${ON} --apply`);

  assert.match(again.output, /nothing to change/);
  assert.equal(other.exitCode, 2);
  assert.match(other.errors, /trusts other keys already \(sealed-auth-[0-9a-f]+\).*rotate --add/);
  assert.deepEqual(balancer.trustedOn(443), [value]);
});

test("a rotation trusts both keys in between, then the new one alone, and leaves no policy behind", async () => {
  const { balancer } = fakeBalancer();
  withProxyProtocol(balancer);
  const [old, fresh] = [newKey(), newKey()];
  await sealed(`backend-auth attach ${old.file} ${ON} --apply`);

  const added = await sealed(`backend-auth rotate --add ${fresh.file} ${ON} --apply`);
  const between = balancer.trustedOn(443)?.sort();
  const finished = await sealed(`backend-auth rotate --finish ${ON} --apply`);

  assert.deepEqual([added.exitCode, finished.exitCode], [0, 0], added.errors + finished.errors);
  assert.deepEqual(between, [old.value, fresh.value].sort());
  assert.deepEqual(balancer.trustedOn(443), [fresh.value]);
  assert.deepEqual([...balancer.policies.values()].map(({ type }) => type).sort(), [
    "BackendServerAuthenticationPolicyType",
    "ProxyProtocolPolicyType",
    "PublicKeyPolicyType",
  ]);
  assert.ok(balancer.onPort.get(443)?.includes("proxy"));
});

test("policies of another maker are trusted on, and never deleted", async () => {
  const { balancer } = fakeBalancer();
  const [old, fresh] = [newKey(), newKey()];
  const attribute = (AttributeName: string, AttributeValue: string) => ({ AttributeName, AttributeValue });
  const markers = `-----BEGIN PUBLIC KEY-----\n${old.value}\n-----END PUBLIC KEY-----\n`;
  balancer.policies.set("backendkey1", {
    type: "PublicKeyPolicyType",
    attributes: [attribute("PublicKey", markers)],
  });
  balancer.policies.set("theirs", {
    type: "BackendServerAuthenticationPolicyType",
    attributes: [attribute("PublicKeyPolicyName", "backendkey1")],
  });
  balancer.onPort.set(443, ["theirs"]);

  const same = await sealed(`backend-auth attach ${old.file} ${ON}`);
  await sealed(`backend-auth rotate --add ${fresh.file} ${ON} --apply`);
  await sealed(`backend-auth rotate --finish ${ON} --apply`);

  assert.match(same.output, /nothing to change/);
  assert.deepEqual(balancer.trustedOn(443), [fresh.value]);
  assert.ok(balancer.policies.has("backendkey1"));
  assert.ok(balancer.policies.has("theirs"));
});

test("detach takes the pin away, keeps other policies of the port, and clears away its own", async () => {
  const { balancer } = fakeBalancer();
  withProxyProtocol(balancer);
  await sealed(`backend-auth attach ${newKey().file} ${ON} --apply`);

  const { exitCode, output } = await sealed(`backend-auth detach ${ON} --apply`);

  assert.equal(exitCode, 0);
  assert.match(output, /takes any certificate of its instances afterwards/);
  assert.equal(balancer.trustedOn(443), undefined);
  assert.deepEqual([...balancer.policies.keys()], ["proxy"]);
  assert.deepEqual(balancer.onPort.get(443), ["proxy"]);
});

test("show tells what each port trusts, and that a rotation is under way", async () => {
  const { balancer } = fakeBalancer();
  balancer.listeners.push({
    Protocol: "HTTP",
    LoadBalancerPort: 80,
    InstanceProtocol: "HTTP",
    InstancePort: 80,
  });
  const before = await sealed(`backend-auth show ${ON}`);
  await sealed(`backend-auth attach ${newKey().file} ${ON} --port 443 --apply`);
  await sealed(`backend-auth rotate --add ${newKey().file} ${ON} --port 443 --apply`);

  const { exitCode, output } = await sealed(`backend-auth show ${ON} --json`);
  const text = await sealed(`backend-auth show ${ON} --port 443`);

  const [first, second] = JSON.parse(output).ports;
  assert.match(before.output, /^443 +HTTPS +every key/m);
  assert.equal(exitCode, 0);
  assert.equal(first.trusts.length, 2);
  assert.equal(first.isRotating, true);
  assert.deepEqual(second.trusts, []);
  assert.match(text.output, /being rotated/);
  assert.doesNotMatch(text.output, /^80 /m);
});

for (const moment of ["before", "after"] as const) {
  test(`a rotation that is cut off ${moment} the effect of any call always trusts the old key or the new one, and ends when repeated`, async () => {
    const begin = async () => {
      const { balancer } = fakeBalancer();
      const [old, fresh] = [newKey(), newKey()];
      await sealed(`backend-auth attach ${old.file} ${ON} --apply`);
      return { balancer, old, fresh };
    };
    const steps = (file: string) =>
      [`rotate --add ${file}`, "rotate --finish"].map((verb) => `backend-auth ${verb} ${ON} --apply`);
    const undisturbed = await begin();
    const first = undisturbed.balancer.calls.length;
    for (const step of steps(undisturbed.fresh.file)) await sealed(step);
    const last = undisturbed.balancer.calls.length;

    for (let cut = first + 1; cut <= last; cut++) {
      const { balancer, old, fresh } = await begin();
      let isCut = false;
      balancer.onCall = (_name, when) => {
        const trusted = balancer.trustedOn(443) ?? [];
        assert.ok(trusted.includes(old.value) || trusted.includes(fresh.value));
        if (!isCut && when === moment && balancer.calls.length === cut) {
          isCut = true;
          throw awsError("TimeoutError", "socket hang up");
        }
      };
      const exitCodes: number[] = [];
      for (const step of steps(fresh.file)) {
        exitCodes.push((await sealed(step)).exitCode);
        if (exitCodes.at(-1) === 3) exitCodes.push((await sealed(step)).exitCode);
      }

      assert.deepEqual(exitCodes.sort(), [0, 0, 3], `cut at call ${cut}`);
      assert.deepEqual(balancer.trustedOn(443), [fresh.value]);
      assert.equal(balancer.policies.size, 2);
    }
  });
}

test("a key that another maker's policy names is not deleted, though the port no longer trusts it", async () => {
  const { balancer } = fakeBalancer();
  await sealed(`backend-auth attach ${newKey().file} ${ON} --apply`);
  const [key = ""] = [...balancer.policies.keys()].filter((name) => name.startsWith("sealed-key-"));
  balancer.policies.set("theirs", {
    type: "BackendServerAuthenticationPolicyType",
    attributes: [{ AttributeName: "PublicKeyPolicyName", AttributeValue: key }],
  });

  const { exitCode, errors } = await sealed(`backend-auth detach ${ON} --apply`);

  assert.equal(exitCode, 0, errors);
  assert.deepEqual([...balancer.policies.keys()].sort(), [key, "theirs"].sort());
});

test("a policy that somebody else makes meanwhile is used when it says the same, and only then", async () => {
  for (const isSame of [true, false]) {
    const { balancer } = fakeBalancer();
    const { file, value } = newKey();
    balancer.onCall = (name, when) => {
      if (name !== "CreateLoadBalancerPolicy" || when !== "before" || balancer.policies.size > 0) return;
      const [key = ""] = /sealed-key-[0-9a-f]{16}/.exec(balancer.received) ?? [];
      balancer.policies.set(key, {
        type: "PublicKeyPolicyType",
        attributes: [{ AttributeName: "PublicKey", AttributeValue: isSame ? value : newKey().value }],
      });
    };

    const { exitCode } = await sealed(`backend-auth attach ${file} ${ON} --apply`);

    assert.equal(exitCode, isSame ? 0 : 1);
    assert.equal(balancer.onPort.has(443), isSame);
  }
});

test("a certificate that was pinned whole is known by its key", async () => {
  const { balancer } = fakeBalancer();
  const { pem, value } = await selfSigned("app.example.com");
  balancer.policies.set("webservercert", {
    type: "PublicKeyPolicyType",
    attributes: [{ AttributeName: "PublicKey", AttributeValue: pem }],
  });
  balancer.policies.set("webserverauthentication", {
    type: "BackendServerAuthenticationPolicyType",
    attributes: [{ AttributeName: "PublicKeyPolicyName", AttributeValue: "webservercert" }],
  });
  balancer.onPort.set(443, ["webserverauthentication"]);

  const shown = await sealed(`backend-auth show ${ON} --json`);
  const attached = await sealed(`backend-auth attach ${fileOf(pem)} ${ON} --apply`);

  const spki = Buffer.from(value, "base64");
  assert.deepEqual(JSON.parse(shown.output).ports[0].trusts, [fingerprintOf(spki)]);
  assert.match(attached.output, /nothing to change/);
});
