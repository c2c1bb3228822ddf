import assert from "node:assert/strict";
import test from "node:test";
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
