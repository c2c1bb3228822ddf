import assert from "node:assert/strict";
import test from "node:test";
import { newKey } from "./support/cloud/fake-balancer.ts";
import { FakeClassic } from "./support/cloud/fake-classic.ts";
import { APP_GROUP, fakePath, LOAD_BALANCER_GROUP } from "./support/cloud/fake-path.ts";
import { startCloud } from "./support/cloud/query-server.ts";
import { allOut, everybody, fromLoadBalancer, https, intoDatabase, ssh } from "./support/cloud/rules.ts";
import { reachesAll } from "./support/cloud/traffic.ts";
import { sealedProcess } from "./support/process.ts";
import { CREDENTIALS } from "./support/sts-server.ts";

/** A cloud with a classic load balancer before two instances, as an HTTP server. */
async function startClassicCloud() {
  const { ec2 } = fakePath({ kind: "classic" });
  const classic = new FakeClassic();
  classic.description = {
    VPCId: ec2.vpcId,
    SecurityGroups: [LOAD_BALANCER_GROUP],
    Subnets: ["subnet-1"],
    Instances: ec2.instances.map(({ id }) => ({ InstanceId: id })),
    HealthCheck: {
      Target: "HTTPS:443/readyz",
      Interval: 30,
      Timeout: 5,
      HealthyThreshold: 2,
      UnhealthyThreshold: 2,
    },
  };
  return { ec2, classic, cloud: await startCloud({ ec2, classic }) };
}

const on = (url: string) => ["--endpoint-url", url, "--load-balancer", "lb", "--json"];

test("audit and lockdown work over HTTP against another cloud's address, with real requests and answers", async () => {
  const { ec2, cloud } = await startClassicCloud();
  await using server = cloud;
  for (const rule of [everybody, ssh, allOut, intoDatabase]) ec2.give(rule);
  ec2.give({ GroupId: APP_GROUP, IpProtocol: "tcp", FromPort: 8000, ToPort: 9000, CidrIpv6: "::/0" });
  ec2.give({ GroupId: APP_GROUP, IpProtocol: "udp", FromPort: 53, ToPort: 53, PrefixListId: "pl-1" });
  ec2.pageSize = 2;

  const before = await sealedProcess(["audit", ...on(server.url)], { environment: CREDENTIALS });
  const change = await sealedProcess(["lockdown", "--apply", ...on(server.url)], {
    environment: CREDENTIALS,
  });
  const after = await sealedProcess(["audit", ...on(server.url)], { environment: CREDENTIALS });

  assert.equal(before.exitCode, 1, before.errors);
  assert.deepEqual(
    JSON.parse(before.output).rules.map(({ verdict }: { verdict: string }) => verdict),
    Array(5).fill("less restrictive"),
  );
  assert.equal(change.exitCode, 0, change.errors);
  assert.equal(after.exitCode, 0, after.errors);
  assert.ok(reachesAll(ec2, fromLoadBalancer, https));
  // The needed rule, HTTPS and the database out, and the database's own.
  assert.equal(ec2.rules.size, 4);
  assert.ok(server.signed.every((header) => /^AWS4-HMAC-SHA256 Credential=made-up\//.test(header)));
});

test("a cloud that knows no rule ids is audited and locked down by what its rules say", async () => {
  const { ec2, cloud } = await startClassicCloud();
  await using server = cloud;
  ec2.hasRuleIds = false;
  for (const rule of [everybody, ssh, allOut, intoDatabase]) ec2.give(rule);
  const keep = ["--keep", "sg-app:ingress:tcp:22-22:every-IPv4-address"];

  const change = await sealedProcess(["lockdown", "--apply", ...keep, ...on(server.url)], {
    environment: CREDENTIALS,
  });
  const after = await sealedProcess(["audit", ...keep, ...on(server.url)], { environment: CREDENTIALS });

  assert.equal(change.exitCode, 0, change.errors);
  assert.equal(after.exitCode, 0, after.errors);
  assert.ok(reachesAll(ec2, fromLoadBalancer, https));
  assert.equal(ec2.rules.size, 5);
});

for (const [name, message, code, says] of [
  [
    "UnauthorizedOperation",
    "You are not authorized to perform this operation.",
    "SEALED_ACCESS_DENIED",
    "the credentials are valid and not allowed to do this: EC2 DescribeNetworkInterfaces " +
      "(AWS: You are not authorized to perform this operation.)",
  ],
  [
    "UnauthorizedOperation",
    "User: me is not authorized to perform: ec2:DescribeNetworkInterfaces because no policy allows it",
    "SEALED_ACCESS_DENIED",
    "the credentials are valid and not allowed to do this " +
      "(AWS: User: me is not authorized to perform: ec2:DescribeNetworkInterfaces because no policy allows it)",
  ],
  [
    "InvalidParameterCombination",
    "no such filter",
    "SEALED_AWS_FAILED",
    "AWS did not do what it was asked: EC2 DescribeNetworkInterfaces (AWS: InvalidParameterCombination: no such filter)",
  ],
] as const) {
  test(`an error of one call among many names the call: ${message}`, async () => {
    const { ec2, cloud } = await startClassicCloud();
    await using server = cloud;
    ec2.onCall = (call) => {
      if (call === "DescribeNetworkInterfaces") throw Object.assign(new Error(message), { name });
    };

    const { exitCode, output, errors } = await sealedProcess(["audit", ...on(server.url)], {
      environment: CREDENTIALS,
    });

    const { error } = JSON.parse(output);
    assert.deepEqual([exitCode, error.code, error.message], [3, code, says]);
    assert.doesNotMatch(errors, /^ +at /m);
  });
}

test("a key is pinned, rotated and taken away over HTTP against another cloud's address", async () => {
  const { classic, cloud } = await startClassicCloud();
  await using server = cloud;
  const [old, fresh] = [newKey(), newKey()];
  const trusted: (string[] | undefined)[] = [];
  for (const verb of [
    ["attach", old.file],
    ["rotate", "--add", fresh.file],
    ["rotate", "--finish"],
    ["detach"],
  ]) {
    const { exitCode, errors } = await sealedProcess(
      ["backend-auth", ...verb, "--apply", ...on(server.url)],
      { environment: CREDENTIALS },
    );
    assert.equal(exitCode, 0, errors);
    trusted.push(classic.trustedOn(443)?.sort());
  }

  assert.deepEqual(trusted, [[old.value], [old.value, fresh.value].sort(), [fresh.value], undefined]);
  assert.equal(classic.policies.size, 0);
});

test("clouds with an address for each service are reached by the SDK's own variables", async () => {
  const { classic, cloud } = await startClassicCloud();
  await using server = cloud;
  const environment = {
    ...CREDENTIALS,
    AWS_ENDPOINT_URL_STS: server.url,
    AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING: server.url,
  };

  const { exitCode, output } = await sealedProcess(
    ["backend-auth", "show", "--load-balancer", "lb", "--json"],
    { environment },
  );

  assert.equal(exitCode, 0);
  assert.deepEqual(JSON.parse(output).ports[0].trusts, []);
  assert.ok(classic.calls.length > 0);
});

test("a load balancer that the other cloud does not have is named", async () => {
  const { cloud } = await startClassicCloud();
  await using server = cloud;

  const { exitCode, errors } = await sealedProcess(
    ["backend-auth", "show", "--load-balancer", "nobody", "--endpoint-url", server.url],
    { environment: CREDENTIALS },
  );

  assert.equal(exitCode, 3);
  assert.match(errors, /there is no classic load balancer nobody/);
});
