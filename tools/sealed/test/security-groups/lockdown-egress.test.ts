import assert from "node:assert/strict";
import test from "node:test";
import type { SecurityGroupRule } from "@aws-sdk/client-ec2";
import type { FakeEc2 } from "../support/cloud/fake-ec2.ts";
import { APP_GROUP, DATABASE_GROUP, fakePath } from "../support/cloud/fake-path.ts";
import { allOut, CHANGES, everybody, intoDatabase, needed } from "../support/cloud/rules.ts";
import { sealed } from "../support/harness.ts";

test("egress is narrowed to HTTPS and to the database on its port, added before the rest is revoked", async () => {
  const { ec2 } = fakePath();
  ec2.give(needed);
  ec2.give(allOut);
  ec2.give(intoDatabase);

  const { exitCode } = await sealed("lockdown --apply");

  const out = [...ec2.rules.values()].filter(({ IsEgress }) => IsEgress === true);
  assert.equal(exitCode, 0);
  assert.deepEqual(
    out.map(({ FromPort, ToPort, CidrIpv4, ReferencedGroupInfo }) => [
      FromPort,
      ToPort,
      CidrIpv4 ?? ReferencedGroupInfo?.GroupId,
    ]),
    [
      [443, 443, "0.0.0.0/0"],
      [3307, 3307, DATABASE_GROUP],
    ],
  );
  assert.deepEqual(
    ec2.calls.filter((call) => CHANGES.test(call)),
    ["AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupEgress"],
  );
});

test("a database that admits an address range in place of the group is not cut off", async () => {
  const { ec2 } = fakePath();
  ec2.give(needed);
  ec2.give(allOut);
  ec2.give({
    GroupId: DATABASE_GROUP,
    IpProtocol: "tcp",
    FromPort: 3306,
    ToPort: 3306,
    CidrIpv4: "10.0.0.0/16",
  });

  await sealed("lockdown --apply");

  assert.ok([...ec2.rules.values()].some(({ IsEgress, FromPort }) => IsEgress === true && FromPort === 3306));
});

test("--ingress-only leaves egress as it is", async () => {
  const { ec2 } = fakePath();
  ec2.give(everybody);
  ec2.give(allOut);

  const { exitCode } = await sealed("lockdown --apply --ingress-only");

  assert.equal(exitCode, 0);
  assert.deepEqual([...ec2.rules.values()].map(({ IsEgress }) => IsEgress).sort(), [false, true]);
});

test("what instances may send to each other goes when nothing but their own group admits it", async () => {
  const { ec2 } = fakePath();
  ec2.give(needed);
  ec2.give(allOut);
  ec2.give({
    GroupId: APP_GROUP,
    IpProtocol: "tcp",
    FromPort: 7000,
    ToPort: 7000,
    ReferencedGroupInfo: { GroupId: APP_GROUP },
  });

  const { exitCode } = await sealed("lockdown --apply");

  assert.equal(exitCode, 0);
  assert.ok(![...ec2.rules.values()].some(({ FromPort }) => FromPort === 7000));
});

const isAllOut = ({ IpProtocol, CidrIpv4 }: SecurityGroupRule) =>
  IpProtocol === "-1" && CidrIpv4 === "0.0.0.0/0";
const toDatabase = (ec2: FakeEc2) =>
  [...ec2.rules.values()]
    .filter(
      ({ IsEgress, ReferencedGroupInfo }) =>
        IsEgress === true && ReferencedGroupInfo?.GroupId === DATABASE_GROUP,
    )
    .map(({ IpProtocol, FromPort, ToPort }) => [IpProtocol, FromPort, ToPort]);

for (const [what, IpProtocol, FromPort, ToPort] of [
  ["a range of ports", "tcp", 3306, 3307],
  ["all TCP ports", "tcp", 0, 65_535],
  ["a range of UDP ports", "udp", 5000, 5001],
  ["all protocols", "-1", -1, -1],
] as const) {
  test(`a database that admits the instances on ${what} is reached on exactly that`, async () => {
    const { ec2 } = fakePath();
    ec2.give(needed);
    ec2.give(allOut);
    ec2.give({ ...intoDatabase, IpProtocol, FromPort, ToPort });

    const { exitCode } = await sealed("lockdown --apply");
    const { output } = await sealed("audit");

    assert.equal(exitCode, 0);
    assert.deepEqual(toDatabase(ec2), [[IpProtocol, FromPort, ToPort]]);
    assert.match(output, /to group sg-db +needed +that group admits the instances on /);
    assert.ok(![...ec2.rules.values()].some((rule) => rule.IsEgress === true && isAllOut(rule)));
  });
}

for (const [what, source] of [
  ["an IPv6 range that holds an instance", { CidrIpv6: "2001:db8:2::/64" }],
  ["a prefix list, whose content is not known", { PrefixListId: "pl-vpc" }],
] as const) {
  test(`a database that admits ${what} is not cut off`, async () => {
    const { ec2 } = fakePath();
    ec2.give(needed);
    ec2.give(allOut);
    ec2.give({ GroupId: DATABASE_GROUP, IpProtocol: "tcp", FromPort: 3306, ToPort: 3306, ...source });

    await sealed("lockdown --apply");

    assert.deepEqual(toDatabase(ec2), [["tcp", 3306, 3306]]);
  });
}

test("a database reached by another of its groups than the one that admits the instances is not cut off", async () => {
  const { ec2 } = fakePath();
  ec2.interfaces.push({
    description: "RDSNetworkInterface",
    groupIds: [DATABASE_GROUP, "sg-db-2"],
    address: "10.0.4.2",
  });
  ec2.give(needed);
  ec2.give({ ...intoDatabase });
  const { CidrIpv4, ...everything } = allOut;
  ec2.give({ ...everything, ReferencedGroupInfo: { GroupId: "sg-db-2" } });

  await sealed("lockdown --apply");

  assert.deepEqual(toDatabase(ec2), [["tcp", 3307, 3307]]);
});

test("egress narrower than what the database admits is not widened", async () => {
  const { ec2 } = fakePath();
  ec2.give(needed);
  ec2.give({ ...allOut, IpProtocol: "tcp", FromPort: 3000, ToPort: 3306 });
  ec2.give({ ...intoDatabase, FromPort: 3306, ToPort: 3307 });

  await sealed("lockdown --apply");

  assert.deepEqual(toDatabase(ec2), [["tcp", 3306, 3306]]);
});
