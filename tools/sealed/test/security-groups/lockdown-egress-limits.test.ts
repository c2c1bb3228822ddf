import assert from "node:assert/strict";
import test from "node:test";
import { APP_GROUP, fakePath } from "../support/cloud/fake-path.ts";
import { allOut, needed } from "../support/cloud/rules.ts";
import { sealed } from "../support/harness.ts";

/** A group that admits the instances on PostgreSQL's port, and that nothing is in: workers that are scaled to none. */
const intoEmpty = {
  GroupId: "sg-workers",
  IpProtocol: "tcp",
  FromPort: 5432,
  ToPort: 5432,
  ReferencedGroupInfo: { GroupId: APP_GROUP },
};

const out = { GroupId: APP_GROUP, IsEgress: true, IpProtocol: "tcp", FromPort: 5432, ToPort: 5432 };

for (const [range, reaches] of [
  ["0.0.0.0/0", true],
  ["10.0.0.0/16", true],
  ["203.0.113.0/24", false],
] as const) {
  test(`a group that admits the instances and is empty now is ${reaches ? "" : "not "}reached where egress goes to ${range}`, async () => {
    const { ec2 } = fakePath();
    ec2.give(needed);
    ec2.give({ ...allOut, CidrIpv4: range });
    ec2.give(intoEmpty);

    const plan = await sealed("lockdown");
    const { exitCode } = await sealed("lockdown --apply");

    const toEmpty = [...ec2.rules.values()].filter(
      ({ IsEgress, ReferencedGroupInfo: group }) => IsEgress === true && group?.GroupId === "sg-workers",
    );
    assert.equal(exitCode, 0);
    assert.deepEqual(
      toEmpty.map(({ IpProtocol, FromPort, ToPort }) => [IpProtocol, FromPort, ToPort]),
      reaches ? [["tcp", 5432, 5432]] : [],
    );
    const says = /egress tcp 5432 to group sg-workers: that group admits the instances on this port/;
    if (reaches) assert.match(plan.output, says);
    else assert.doesNotMatch(plan.output, says);
  });
}

test("the plan names every egress rule that it would revoke, with its reason and what is not known", async () => {
  const { ec2 } = fakePath();
  ec2.give(needed);
  const ids = {
    everything: ec2.give(allOut),
    peered: ec2.give({ ...out, CidrIpv4: "10.9.0.0/16" }),
    group: ec2.give({ ...out, ReferencedGroupInfo: { GroupId: "sg-of-a-peered-vpc" } }),
    list: ec2.give({ ...out, FromPort: 53, ToPort: 53, IpProtocol: "udp", PrefixListId: "pl-resolvers" }),
  };

  const { output } = await sealed("lockdown");
  const kept = await sealed(`lockdown --keep ${ids.peered} ${ids.group} ${ids.list}`);

  for (const [id, says] of [
    [ids.everything, "lets out all protocols to every IPv4 address, where tcp 443 is enough"],
    [ids.peered, "lets out tcp 5432 to 10.9.0.0/16: nothing that is known here needs it"],
    [ids.group, "lets out tcp 5432 to group sg-of-a-peered-vpc: nothing that is known here needs it"],
    [ids.list, "lets out udp 53 to prefix list pl-resolvers: nothing that is known here needs it"],
  ]) {
    assert.ok(output.includes(`  revoke  sg-app  ${id}  egress: ${says}\n`), output);
  }
  const note =
    "note: what the app reaches on another port than 443, outside of its VPC or at hosts that admit addresses, is not known here: " +
    "--keep the rule that leads there, or add --ingress-only";
  assert.ok(output.includes(note), output);
  assert.ok(kept.output.includes(note), "the rule to everywhere may lead there too");
});

test("where no egress rule is revoked, or egress is left alone, nobody is told of what may be cut off", async () => {
  const { ec2 } = fakePath();
  ec2.give(needed);
  const ingress = await sealed("lockdown");
  ec2.give(allOut);
  const left = await sealed("lockdown --ingress-only");

  for (const { output } of [ingress, left]) assert.doesNotMatch(output, /not known here/);
});
