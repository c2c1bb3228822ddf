import assert from "node:assert/strict";
import test from "node:test";
import type { SecurityGroupRule } from "@aws-sdk/client-ec2";
import fc from "fast-check";
import type { FakeInstance } from "../support/cloud/fake-ec2.ts";
import { DATABASE_GROUP } from "../support/cloud/fake-path.ts";
import {
  build,
  DATABASE,
  lockdown,
  PACKETS,
  prefixLists,
  RUNS,
  SECOND_GROUP,
  SENDERS,
  world,
} from "../support/cloud/random-world.ts";
import { https } from "../support/cloud/rules.ts";
import { letsThrough, type Packet, type Sender } from "../support/cloud/traffic.ts";

test("for any set of rules, instances reach HTTPS wherever they did and nowhere else, and a second run changes nothing", async () => {
  const receivers = SENDERS.map((one) => {
    if (one.groupIds.includes(DATABASE_GROUP)) return [DATABASE];
    // A group that is empty says nothing of the addresses in it: they will be those of the subnets of the instances.
    const ipv6 = one.groupIds.includes(SECOND_GROUP) ? [{ ...one, address: "2001:db8:2::11" }] : [];
    return one.groupIds.length > 0 ? [one, ...ipv6].map((way) => ({ ...way, prefixLists })) : [one];
  });
  await fc.assert(
    fc.asyncProperty(world, async (shape) => {
      const { ec2, kept } = build(shape);
      const reached = () =>
        ec2.instances.flatMap(({ groupIds }) =>
          receivers.map((ways) =>
            ways.some((receiver) => sends([...ec2.rules.values()], { groupIds, receiver, packet: https })),
          ),
        );
      const before = reached();

      await lockdown(kept);
      const after = reached();
      const changes = ec2.calls.length;
      await lockdown(kept);

      assert.deepEqual(after, before);
      assert.ok(!ec2.calls.slice(changes).some((call) => /^(Authorize|Revoke)/.test(call)));
    }),
    { numRuns: RUNS },
  );
});

test("for any rules of a database, instances reach of it what they did, and nothing that it does not admit", async () => {
  await fc.assert(
    fc.asyncProperty(world, async (shape) => {
      const { ec2, kept } = build(shape);
      const before = [...ec2.rules.values()];

      await lockdown(kept);

      const after = [...ec2.rules.values()];
      const keptRules = kept.flatMap((id) => ec2.rules.get(id) ?? []);
      for (const packet of PACKETS) {
        const isAdmitted = ec2.instances.some((instance) => isAdmittedBy(before, instance, packet));
        for (const { groupIds } of ec2.instances) {
          const way = { groupIds, receiver: DATABASE, packet };
          const isNeeded = isAdmitted || (packet.protocol === "tcp" && packet.port === 443);
          assert.equal(
            sends(after, way),
            (isNeeded && sends(before, way)) || sends(keptRules, way),
            JSON.stringify({ groupIds, packet }),
          );
        }
      }
    }),
    { numRuns: RUNS },
  );
});

interface Way {
  groupIds: readonly string[];
  receiver: Sender;
  packet: Packet;
}

function sends(rules: readonly SecurityGroupRule[], { groupIds, receiver, packet }: Way): boolean {
  return rules.some(
    (one) =>
      one.IsEgress === true && groupIds.includes(one.GroupId ?? "") && letsThrough(one, receiver, packet),
  );
}

function isAdmittedBy(
  rules: readonly SecurityGroupRule[],
  { groupIds, address, ipv6Address = "" }: FakeInstance,
  packet: Packet,
): boolean {
  const senders = [address, ipv6Address].map((one): Sender => ({ groupIds, address: one, prefixLists }));
  return rules.some(
    (one) =>
      one.IsEgress !== true &&
      DATABASE.groupIds.includes(one.GroupId ?? "") &&
      senders.some((sender) => letsThrough(one, sender, packet)),
  );
}
