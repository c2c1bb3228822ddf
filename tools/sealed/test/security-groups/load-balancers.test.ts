import assert from "node:assert/strict";
import test from "node:test";
import { DescribeEnvironmentResourcesCommand } from "@aws-sdk/client-elastic-beanstalk";
import { DescribeLoadBalancersCommand as DescribeClassicCommand } from "@aws-sdk/client-elastic-load-balancing";
import {
  DescribeLoadBalancersCommand,
  DescribeTargetHealthCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { fakePath } from "../support/cloud/fake-path.ts";
import { everybody, needed } from "../support/cloud/rules.ts";
import { awsError, sealed } from "../support/harness.ts";

for (const kind of ["application", "network", "classic"] as const) {
  test(`the ${kind} load balancer of an environment is found, and its groups are the source`, async () => {
    const { ec2, beanstalk } = fakePath({ kind });
    ec2.give(needed);

    const { exitCode, output } = await sealed("audit --environment my-env");

    assert.equal(exitCode, 0, output);
    assert.match(output, new RegExp(`^${kind} load balancer lb`, "m"));
    assert.deepEqual(beanstalk.call(0).args[0].input, { EnvironmentName: "my-env" });
  });
}

test("without options it is the environment of the deployment", async () => {
  const { ec2, beanstalk } = fakePath();
  ec2.give(needed);

  await sealed("audit --topology clb-backend-auth");

  assert.deepEqual(beanstalk.call(0).args[0].input, { EnvironmentName: "sealed-sandbox-clb-backend-auth" });
});

test("a load balancer that is named needs no environment", async () => {
  const { ec2, beanstalk, classic } = fakePath({ kind: "classic" });
  ec2.give(needed);

  const { exitCode } = await sealed("audit --load-balancer lb");

  assert.equal(exitCode, 0);
  assert.equal(beanstalk.calls().length, 0);
  assert.deepEqual(classic.call(0).args[0].input, { LoadBalancerNames: ["lb"] });
});

test("health checks on a port of their own are needed too", async () => {
  const { ec2 } = fakePath({ healthPort: 8443 });
  ec2.give(needed);

  const { exitCode, output } = await sealed("audit");

  assert.equal(exitCode, 1);
  assert.match(output, /ingress tcp 8443 from group sg-lb: health checks of the load balancer/);
});

test("the port is the one that the listener's targets have", async () => {
  const { ec2 } = fakePath({ port: 8080 });
  ec2.give({ ...needed, FromPort: 8080, ToPort: 8080 });

  const { exitCode } = await sealed("audit");

  assert.equal(exitCode, 0);
});

test("targets that are addresses are found by their interfaces", async () => {
  const { ec2, beanstalk } = fakePath({ targetGroup: { TargetType: "ip" } });
  ec2.give(needed);

  const { exitCode, output } = await sealed("audit --load-balancer lb");

  assert.equal(exitCode, 0);
  assert.match(output, /instances {2}eni-i-1, eni-i-2/);
  assert.equal(beanstalk.calls().length, 0);
});

test("instances of another environment behind a shared load balancer are left alone", async () => {
  const { ec2, beanstalk } = fakePath();
  ec2.instances.push({ id: "i-other", address: "10.0.9.9", groupIds: ["sg-other"] });
  ec2.give(needed);
  ec2.give({ ...everybody, GroupId: "sg-other" });
  beanstalk.on(DescribeEnvironmentResourcesCommand).resolves({
    EnvironmentResources: {
      LoadBalancers: [
        { Name: "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/lb/50dc" },
      ],
      Instances: [{ Id: "i-1" }, { Id: "i-2" }],
    },
  });

  const { exitCode, output } = await sealed("audit");

  assert.equal(exitCode, 0);
  assert.doesNotMatch(output, /sg-other/);
});

test("an environment that does not exist is named, with how to name another", async () => {
  const { beanstalk } = fakePath();
  beanstalk
    .on(DescribeEnvironmentResourcesCommand)
    .rejects(awsError("InvalidParameterValue", "No Environment found for EnvironmentName = 'x'."));

  const { exitCode, errors } = await sealed("audit --environment x");

  assert.equal(exitCode, 3);
  assert.match(errors, /there is no environment x in Region eu-west-1: name another with --environment/);
});

for (const [count, message] of [
  [0, /environment e has no load balancer: its instances are reached directly/],
  [2, /environment e has several load balancers: name one with --load-balancer/],
] as const) {
  test(`an environment with ${count} load balancers is refused`, async () => {
    const { beanstalk } = fakePath();
    beanstalk.on(DescribeEnvironmentResourcesCommand).resolves({
      EnvironmentResources: { LoadBalancers: [{ Name: "a" }, { Name: "b" }].slice(0, count) },
    });

    const { exitCode, errors } = await sealed("lockdown --environment e");

    assert.equal(exitCode, 3);
    assert.match(errors, message);
  });
}

test("a load balancer that does not exist is named, also on a cloud that has classic ones alone", async () => {
  for (const name of ["LoadBalancerNotFoundException", "InvalidAction"]) {
    const { v2, classic } = fakePath();
    classic.on(DescribeClassicCommand).rejects(awsError("AccessPointNotFoundException", "no"));
    v2.on(DescribeLoadBalancersCommand).rejects(awsError(name, "One or more load balancers not found"));

    const { exitCode, errors } = await sealed("audit --load-balancer nobody");

    assert.equal(exitCode, 3);
    assert.match(errors, /there is no load balancer nobody in Region eu-west-1/);
  }
});

test("a load balancer before nothing is refused: there are no groups to judge", async () => {
  const { v2 } = fakePath();
  v2.on(DescribeTargetHealthCommand).resolves({ TargetHealthDescriptions: [] });

  const { exitCode, errors } = await sealed("audit");

  assert.equal(exitCode, 1);
  assert.match(errors, /no instance is registered with load balancer lb/);
});

test("a load balancer before functions is refused", async () => {
  fakePath({ targetGroup: { TargetType: "lambda" } });

  const { exitCode, errors } = await sealed("audit");

  assert.equal(exitCode, 1);
  assert.match(errors, /target group tg has targets of type lambda/);
});

test("requests over TCP and QUIC are needed on both protocols", async () => {
  const { ec2 } = fakePath({ kind: "network", targetGroup: { Protocol: "TCP_QUIC" } });
  ec2.give(needed);
  const quic = ec2.give({ ...needed, IpProtocol: "udp" });

  const { exitCode, output } = await sealed("audit");

  assert.equal(exitCode, 0, output);
  assert.match(output, new RegExp(`^${quic} .* needed +requests of the load balancer`, "m"));
});

test("a protocol that is not known here is refused: who needs what it opens cannot be told", async () => {
  const { ec2 } = fakePath({ targetGroup: { Protocol: "SCTP" as "TCP" } });
  ec2.give(everybody);

  const { exitCode, errors } = await sealed("lockdown --apply");

  assert.equal(exitCode, 1);
  assert.match(errors, /target group tg speaks SCTP/);
  assert.equal(ec2.rules.size, 1);
});

test("the port on which a load balancer manages its targets' agents is needed", async () => {
  const { ec2 } = fakePath({ targetGroup: { TargetControlPort: 3000 } });
  ec2.give(needed);
  ec2.give({ ...needed, FromPort: 3000, ToPort: 3000 });

  const { exitCode, output } = await sealed("audit");

  assert.equal(exitCode, 0, output);
});

test("a name that no load balancer can have is one that none has", async () => {
  const { v2, classic } = fakePath();
  const invalid = awsError("ValidationError", "LoadBalancer name cannot be longer than 32 characters");
  classic.on(DescribeClassicCommand).rejects(invalid);
  v2.on(DescribeLoadBalancersCommand).rejects(invalid);

  const { exitCode, errors } = await sealed(
    "audit --load-balancer my_balancer_that_is_called_so_for_too_long",
  );

  assert.equal(exitCode, 3);
  assert.match(errors, /there is no load balancer my_balancer_that_is_called_so_for_too_long in Region/);
});

test("Elastic Beanstalk's own word for a denied call is one", async () => {
  const { beanstalk } = fakePath();
  beanstalk
    .on(DescribeEnvironmentResourcesCommand)
    .rejects(awsError("InsufficientPrivilegesException", "no privileges for one or more AWS services"));

  const { exitCode, output } = await sealed("audit --json");

  assert.deepEqual([exitCode, JSON.parse(output).error?.code], [3, "SEALED_ACCESS_DENIED"]);
});
