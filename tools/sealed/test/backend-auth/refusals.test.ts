import assert from "node:assert/strict";
import test from "node:test";
import {
  DescribeEnvironmentResourcesCommand,
  ElasticBeanstalkClient,
} from "@aws-sdk/client-elastic-beanstalk";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { mockClient } from "aws-sdk-client-mock";
import { fakeBalancer, newKey } from "../support/cloud/fake-balancer.ts";
import { awsError, sealed } from "../support/harness.ts";

const ON = "--load-balancer lb";
const CHANGES = /^(Create|Set|Delete)/;

test("a port that no listener uses is refused, with those that are used", async () => {
  const { balancer } = fakeBalancer();
  balancer.listeners.splice(0, 1, {
    Protocol: "HTTPS",
    LoadBalancerPort: 443,
    InstanceProtocol: "HTTPS",
    InstancePort: 8443,
  });

  const { exitCode, errors } = await sealed(`backend-auth attach ${newKey().file} ${ON} --port 443 --apply`);

  assert.equal(exitCode, 2);
  assert.match(errors, /no listener of load balancer lb uses instance port 443, .* its listeners use 8443/);
  assert.ok(!balancer.calls.some((call) => CHANGES.test(call)));
});

for (const protocol of ["HTTP", "TCP"]) {
  test(`a listener that speaks ${protocol} to the instances is refused`, async () => {
    const { balancer } = fakeBalancer();
    balancer.listeners.splice(0, 1, {
      Protocol: "HTTPS",
      LoadBalancerPort: 443,
      InstanceProtocol: protocol,
      InstancePort: 443,
    });

    const named = await sealed(`backend-auth attach ${newKey().file} ${ON} --port 443 --apply`);
    const unnamed = await sealed(`backend-auth attach ${newKey().file} ${ON} --apply`);

    assert.deepEqual([named.exitCode, unnamed.exitCode], [2, 2]);
    assert.match(
      named.errors,
      new RegExp(`listener on 443 .* speaks ${protocol} to instance port 443: only HTTPS and SSL`),
    );
    assert.match(unnamed.errors, /no listener of load balancer lb speaks HTTPS or SSL/);
    assert.ok(!balancer.calls.some((call) => CHANGES.test(call)));
  });
}

test("a port that no listener uses cannot be shown either", async () => {
  fakeBalancer();

  const { exitCode, errors } = await sealed(`backend-auth show ${ON} --port 999`);

  assert.equal(exitCode, 2);
  assert.match(errors, /no listener of load balancer lb uses instance port 999/);
});

test("a listener with SSL behind is taken", async () => {
  const { balancer } = fakeBalancer();
  balancer.listeners.splice(0, 1, {
    Protocol: "SSL",
    LoadBalancerPort: 443,
    InstanceProtocol: "SSL",
    InstancePort: 443,
  });

  const { exitCode } = await sealed(`backend-auth attach ${newKey().file} ${ON} --apply`);

  assert.equal(exitCode, 0);
});

test("two encrypted ports need --port", async () => {
  const { balancer } = fakeBalancer();
  balancer.listeners.push({
    Protocol: "HTTPS",
    LoadBalancerPort: 8443,
    InstanceProtocol: "HTTPS",
    InstancePort: 8443,
  });

  const { exitCode, errors } = await sealed(`backend-auth attach ${newKey().file} ${ON}`);

  assert.equal(exitCode, 2);
  assert.match(errors, /speaks TLS to ports 443, 8443: name one with --port/);
});

test("a policy of the same name with other content is refused, and nothing is made", async () => {
  const { balancer } = fakeBalancer();
  const { file } = newKey();
  const { output } = await sealed(`backend-auth attach ${file} ${ON} --json`);
  const [{ policy }] = JSON.parse(output).steps;
  balancer.policies.set(policy.name, {
    type: "PublicKeyPolicyType",
    attributes: [{ AttributeName: "PublicKey", AttributeValue: newKey().value }],
  });

  const { exitCode, errors } = await sealed(`backend-auth attach ${file} ${ON} --apply`);

  assert.equal(exitCode, 2);
  assert.match(
    errors,
    new RegExp(`has a policy ${policy.name} with other content, and policies cannot be changed`),
  );
  assert.ok(!balancer.calls.some((call) => CHANGES.test(call)));
});

test("a policy of the same name and content is used as it is", async () => {
  const { balancer } = fakeBalancer();
  const { file, value } = newKey();
  await sealed(`backend-auth attach ${file} ${ON} --apply`);
  balancer.onPort.clear();
  balancer.calls.length = 0;

  const { exitCode } = await sealed(`backend-auth attach ${file} ${ON} --apply`);

  assert.equal(exitCode, 0);
  assert.deepEqual(balancer.trustedOn(443), [value]);
  assert.ok(!balancer.calls.includes("CreateLoadBalancerPolicy"));
});

test("rotate without a pinned key, a second rotation, and both or none of its options are refused", async () => {
  const { balancer } = fakeBalancer();
  const [one, two, three] = [newKey(), newKey(), newKey()];

  const early = await sealed(`backend-auth rotate --add ${one.file} ${ON} --apply`);
  const nothing = await sealed(`backend-auth rotate --finish ${ON} --apply`);
  await sealed(`backend-auth attach ${one.file} ${ON} --apply`);
  await sealed(`backend-auth rotate --add ${two.file} ${ON} --apply`);
  const again = await sealed(`backend-auth rotate --add ${two.file} ${ON} --apply`);
  const third = await sealed(`backend-auth rotate --add ${three.file} ${ON} --apply`);
  const both = await sealed(`backend-auth rotate --finish --add ${three.file} ${ON}`);
  const none = await sealed(`backend-auth rotate ${ON}`);

  assert.match(early.errors, /trusts no key yet: begin with attach/);
  assert.match(nothing.errors, /there is no rotation to finish/);
  assert.match(again.output, /nothing to change/);
  assert.match(third.errors, /another key is being rotated in \(sealed-rotate-/);
  assert.match(both.errors, /either --add FILE or --finish/);
  assert.deepEqual(
    [early, nothing, third, both, none].map(({ exitCode }) => exitCode),
    [2, 2, 2, 2, 2],
  );
  assert.equal(balancer.trustedOn(443)?.length, 2);
});

for (const port of ["0", "65536", "https", "4.5"]) {
  test(`--port ${port} is refused before anything is called`, async () => {
    const { balancer } = fakeBalancer();

    const { exitCode, errors } = await sealed(`backend-auth show ${ON} --port ${port}`);

    assert.equal(exitCode, 2);
    assert.match(errors, new RegExp(`--port must be a whole number from 1 to 65535, got "${port}"`));
    assert.deepEqual(balancer.calls, []);
  });
}

test("a load balancer of another kind, or none, is named", async () => {
  fakeBalancer();
  const beanstalk = mockClient(ElasticBeanstalkClient);
  beanstalk.on(DescribeEnvironmentResourcesCommand).resolves({
    EnvironmentResources: {
      LoadBalancers: [{ Name: "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/x/50" }],
    },
  });

  const none = await sealed("backend-auth show --load-balancer nobody");
  const other = await sealed("backend-auth show");

  assert.deepEqual([none.exitCode, other.exitCode], [3, 3]);
  assert.match(none.errors, /there is no classic load balancer nobody: no other kind can pin a key/);
  assert.match(other.errors, /there is no classic load balancer arn:.*app\/x\/50/);
});

test("any account but the configured one is refused before the load balancer is asked", async () => {
  const { balancer, sts } = fakeBalancer();
  sts.on(GetCallerIdentityCommand).resolves({ Account: "999988887777" });

  const { exitCode } = await sealed(`backend-auth show ${ON}`);

  assert.equal(exitCode, 2);
  assert.deepEqual(balancer.calls, []);
});

test("a load balancer of another kind cannot pin a key, and that is said", async () => {
  const { balancer } = fakeBalancer();
  const beanstalk = mockClient(ElasticBeanstalkClient);
  const Name = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/lb/50dc";
  beanstalk
    .on(DescribeEnvironmentResourcesCommand)
    .resolves({ EnvironmentResources: { LoadBalancers: [{ Name }] } });
  balancer.onCall = () => {
    throw awsError("ValidationError", "LoadBalancer name cannot be longer than 32 characters");
  };

  const { exitCode, output } = await sealed("backend-auth show --json");

  const { error } = JSON.parse(output);
  assert.deepEqual([exitCode, error.code], [3, "SEALED_LOAD_BALANCER_MISSING"]);
  assert.match(error.message, /no other kind can pin a key/);
});
