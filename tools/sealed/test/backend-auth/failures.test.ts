import assert from "node:assert/strict";
import test from "node:test";
import { fakeBalancer, newKey } from "../support/cloud/fake-balancer.ts";
import { awsError, sealed } from "../support/harness.ts";

const ON = "--load-balancer lb";
const CHANGES = /^(Create|Set|Delete)/;

test("a change that the service refuses, as with a policy in use, is told in its words", async () => {
  const { balancer } = fakeBalancer();
  await sealed(`backend-auth attach ${newKey().file} ${ON} --apply`);
  balancer.onCall = (name) => {
    if (name === "DeleteLoadBalancerPolicy") {
      throw awsError("InvalidConfigurationRequestException", "Policy is in use by another listener");
    }
  };

  const { exitCode, output } = await sealed(`backend-auth detach ${ON} --apply --json`);

  const { error } = JSON.parse(output);
  assert.equal(exitCode, 1);
  assert.equal(error.code, "SEALED_BACKEND_AUTH_FAILED");
  assert.match(error.message, /refused: delete policy sealed-auth-.* is in use by another listener/);
});

test("a step that does not show is told, and no further step is taken", async () => {
  const { balancer } = fakeBalancer();
  balancer.onCall = (name, when) => {
    if (name === "CreateLoadBalancerPolicy" && when === "after") balancer.policies.clear();
  };

  const { exitCode, errors } = await sealed(`backend-auth attach ${newKey().file} ${ON} --apply`);

  assert.equal(exitCode, 1);
  assert.match(errors, /does not show after 5 reads: create key policy/);
  assert.equal(balancer.calls.filter((call) => CHANGES.test(call)).length, 1);
});

test("Ctrl-C between two steps says that the command can be repeated", async () => {
  const { balancer } = fakeBalancer();
  const stop = new AbortController();
  balancer.onCall = (name) => {
    if (name === "CreateLoadBalancerPolicy") stop.abort();
  };

  const { exitCode, errors } = await sealed(`backend-auth attach ${newKey().file} ${ON} --apply`, {
    signal: stop.signal,
  });

  assert.equal(exitCode, 130);
  assert.match(errors, /stopped between two steps: repeat the command/);
  assert.equal(balancer.onPort.size, 0);
});

for (const [what, onRead] of [
  [
    "is left without an answer",
    (reason: Error) => {
      throw reason;
    },
  ],
  ["does not show the step", () => undefined],
] as const) {
  test(`Ctrl-C while a reading back ${what} is no failure, and nobody says that nothing was changed`, async () => {
    const { balancer } = fakeBalancer();
    const stop = new AbortController();
    balancer.onCall = (name, when) => {
      if (balancer.policies.size === 0 || name !== "DescribeLoadBalancers" || when !== "before") return;
      stop.abort();
      onRead(stop.signal.reason);
      balancer.policies.clear();
    };

    const { exitCode, errors } = await sealed(`backend-auth attach ${newKey().file} ${ON} --apply`, {
      signal: stop.signal,
    });

    assert.equal(exitCode, 130);
    assert.match(errors, /stopped between two steps: repeat the command/);
    assert.equal(balancer.calls.filter((call) => CHANGES.test(call)).length, 1);
  });
}

for (const [name, message, code] of [
  [
    "AccessDenied",
    "User is not authorized to perform: elasticloadbalancing:DescribeLoadBalancers",
    "SEALED_ACCESS_DENIED",
  ],
  ["ExpiredToken", "The security token included in the request is expired", "SEALED_CREDENTIALS_EXPIRED"],
  ["Throttling", "Rate exceeded", "SEALED_THROTTLED"],
  ["Error", "getaddrinfo ENOTFOUND elasticloadbalancing.eu-west-1.amazonaws.com", "SEALED_AWS_UNREACHABLE"],
] as const) {
  test(`each verb says ${code} for ${name}`, async () => {
    const { file } = newKey();
    for (const verb of [
      "show",
      `attach ${file} --apply`,
      `rotate --add ${file} --apply`,
      "rotate --finish",
      "detach",
    ]) {
      const { balancer } = fakeBalancer();
      balancer.onCall = () => {
        throw awsError(name, message);
      };

      const { exitCode, output } = await sealed(`backend-auth ${verb} ${ON} --json`);

      assert.equal(exitCode, 3);
      assert.equal(JSON.parse(output).error.code, code);
    }
  });
}
