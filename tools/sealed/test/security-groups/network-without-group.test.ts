import assert from "node:assert/strict";
import test from "node:test";
import { APP_GROUP, fakePath } from "../support/cloud/fake-path.ts";
import { everybody } from "../support/cloud/rules.ts";
import { sealed } from "../support/harness.ts";

test("a network load balancer without a group: clients stay who they are, ports are narrowed, health checks get in", async () => {
  const { ec2 } = fakePath({ kind: "network", groupIds: [] });
  ec2.give({
    GroupId: APP_GROUP,
    IpProtocol: "tcp",
    FromPort: 0,
    ToPort: 65_535,
    CidrIpv4: "203.0.113.0/24",
  });
  ec2.give({ GroupId: APP_GROUP, IpProtocol: "tcp", FromPort: 22, ToPort: 22, CidrIpv4: "0.0.0.0/0" });

  const { exitCode } = await sealed("lockdown --apply");

  assert.equal(exitCode, 0);
  assert.deepEqual(
    [...ec2.rules.values()]
      .map(({ FromPort, ToPort, CidrIpv4 }) => `${CidrIpv4} ${FromPort}-${ToPort}`)
      .sort(),
    ["10.0.0.0/24 443-443", "10.0.1.0/24 443-443", "203.0.113.0/24 443-443"],
  );
});

test("a network load balancer without a group that everybody reaches needs no rule for its subnets", async () => {
  const { ec2 } = fakePath({ kind: "network", groupIds: [] });
  ec2.give(everybody);

  const { exitCode, output } = await sealed("audit");

  assert.equal(exitCode, 0);
  assert.match(output, /network load balancer lb {2}without a group/);
  assert.match(output, /needed +clients, whose address the load balancer keeps/);
});

test("--clients says who may connect where the load balancer has no group", async () => {
  const { ec2 } = fakePath({ kind: "network", groupIds: [] });
  const id = ec2.give(everybody);

  const { exitCode, output } = await sealed("audit --clients 198.51.100.0/24 2001:db8::/32");

  assert.equal(exitCode, 1);
  assert.match(output, new RegExp(`${id} .*less restrictive`));
  assert.match(output, /add +sg-app {2}ingress tcp 443 from 198\.51\.100\.0\/24: clients/);
  assert.match(output, /add +sg-app {2}ingress tcp 443 from 2001:db8::\/32: clients/);
});

test("a network load balancer without a group that hides the client's address is its subnets", async () => {
  const { ec2 } = fakePath({ kind: "network", groupIds: [], keepsClientAddress: false });
  ec2.give(everybody);

  const { output } = await sealed("audit");

  assert.match(output, /tcp 443 from 10\.0\.0\.0\/24: requests of the load balancer, which has no group/);
  assert.match(output, /less restrictive rules: 1/);
});

for (const [what, shape] of [
  ["IPv6 targets", { targetGroup: { IpAddressType: "ipv6" } }],
  ["IPv6 addresses as targets", { targetGroup: { IpAddressType: "ipv6", TargetType: "ip" } }],
  ["both kinds of addresses", { ipAddressType: "dualstack" }],
] as const) {
  test(`a network load balancer without a group and with ${what} checks from the IPv6 ranges of its subnets too`, async () => {
    const { ec2 } = fakePath({ kind: "network", groupIds: [], ...shape });
    ec2.ipv6Ranges
      .set("subnet-1", { range: "2001:db8:0:1::/64", state: "associated" })
      .set("subnet-2", { range: "2001:db8:0:2::/64", state: "disassociated" });
    ec2.give(everybody);
    ec2.give({ GroupId: APP_GROUP, IpProtocol: "-1", CidrIpv6: "2001:db8:ffff::/48" });

    const { exitCode, errors } = await sealed("lockdown --apply --load-balancer lb");

    assert.equal(exitCode, 0, errors);
    assert.deepEqual(
      [...ec2.rules.values()]
        .map(({ FromPort, CidrIpv4, CidrIpv6 }) => `${CidrIpv4 ?? CidrIpv6} ${FromPort}`)
        .sort(),
      ["0.0.0.0/0 443", "2001:db8:0:1::/64 443", "2001:db8:ffff::/48 443"],
    );
  });
}

test("a network load balancer with IPv4 alone needs no rule for the IPv6 ranges of its subnets", async () => {
  const { ec2 } = fakePath({ kind: "network", groupIds: [] });
  ec2.ipv6Ranges.set("subnet-1", { range: "2001:db8:0:1::/64", state: "associated" });
  ec2.give(everybody);

  const { exitCode } = await sealed("audit");

  assert.equal(exitCode, 0);
});

for (const clients of ["203.0.113.0", "203.0.113.0/33", "nowhere/8", "2001:db8::/129"]) {
  test(`--clients ${clients} is refused`, async () => {
    const { ec2 } = fakePath();

    const { exitCode, errors } = await sealed(`audit --clients ${clients}`);

    assert.equal(exitCode, 2);
    assert.match(errors, new RegExp(`--clients must list address ranges .*, got ${clients}`));
    assert.deepEqual(ec2.calls, []);
  });
}

test("a range that holds more than the load balancer's subnets is less restrictive, wherever it begins", async () => {
  const { ec2 } = fakePath({ kind: "network", groupIds: [], keepsClientAddress: false });
  const id = ec2.give({ ...everybody, CidrIpv4: "10.0.0.0/8" });

  const { output } = await sealed("audit");

  assert.match(output, new RegExp(`${id} .*less restrictive`));
});

test("a range that holds a part of the clients lets in nothing too much, and is not enough", async () => {
  const { ec2 } = fakePath({ kind: "network", groupIds: [] });
  const id = ec2.give({ ...everybody, CidrIpv4: "203.0.113.0/24" });

  const { exitCode, output } = await sealed("audit --clients 0.0.0.0/0");

  assert.equal(exitCode, 1);
  assert.match(output, new RegExp(`${id} .* needed`));
  assert.match(output, /add +sg-app {2}ingress tcp 443 from every IPv4 address/);
});
