import assert from "node:assert/strict";
import test from "node:test";
import type { SecurityGroupRule } from "@aws-sdk/client-ec2";
import fc from "fast-check";
import { build, lockdown, PACKETS, RUNS, SENDERS, world } from "../support/cloud/random-world.ts";
import { fromLoadBalancer, https } from "../support/cloud/rules.ts";
import { letsThrough, reachesAll } from "../support/cloud/traffic.ts";

test("for any set of rules, exactly the load balancer's port 443 and what --keep names is let in afterwards", async () => {
  await fc.assert(
    fc.asyncProperty(world, async (shape) => {
      const { ec2, kept } = build(shape);
      const keptRules = kept.flatMap((id) => ec2.rules.get(id) ?? []);

      const { exitCode, errors } = await lockdown(kept);

      assert.equal(exitCode, 0, errors);
      assert.ok(reachesAll(ec2, fromLoadBalancer, https));
      for (const { groupIds } of ec2.instances) {
        const ofInstance = (rule: SecurityGroupRule) =>
          rule.IsEgress !== true && groupIds.includes(rule.GroupId ?? "");
        for (const sender of SENDERS) {
          for (const packet of PACKETS) {
            const isNeeded = sender === fromLoadBalancer && packet.protocol === "tcp" && packet.port === 443;
            const isKept = keptRules.some((one) => ofInstance(one) && letsThrough(one, sender, packet));
            const isLetIn = [...ec2.rules.values()].some(
              (one) => ofInstance(one) && letsThrough(one, sender, packet),
            );
            assert.equal(isLetIn, isNeeded || isKept, JSON.stringify({ sender, packet }));
          }
        }
      }
    }),
    { numRuns: RUNS },
  );
});

test("for any set of rules, the load balancer that gets through is shut out at no step", async () => {
  await fc.assert(
    fc.asyncProperty(world, async (shape) => {
      const { ec2, kept } = build(shape);
      let gotThrough = reachesAll(ec2, fromLoadBalancer, https);
      ec2.onCall = (name) => {
        const getsThrough = reachesAll(ec2, fromLoadBalancer, https);
        assert.ok(getsThrough || !gotThrough, `shut out at ${name}`);
        gotThrough = getsThrough;
      };

      await lockdown(kept);

      assert.ok(gotThrough);
    }),
    { numRuns: RUNS },
  );
});
