import assert from "node:assert/strict";
import test from "node:test";
import { fakePath } from "../support/cloud/fake-path.ts";
import { everybody } from "../support/cloud/rules.ts";
import { sealed } from "../support/harness.ts";

const settings = { clients: ["198.51.100.0/24"] };

test("the clients of the settings connect to the deployment", async () => {
  const { ec2 } = fakePath({ kind: "network", groupIds: [] });
  ec2.give(everybody);

  const { exitCode, output } = await sealed("audit", { settings });

  assert.equal(exitCode, 1);
  assert.match(output, /add +sg-app {2}ingress tcp 443 from 198\.51\.100\.0\/24: clients/);
});

for (const named of ["--load-balancer lb", "--environment my-env"]) {
  test(`the clients of the settings are not let in to what ${named} names`, async () => {
    const { ec2 } = fakePath({ kind: "network", groupIds: [] });
    ec2.give(everybody);

    const { exitCode, output } = await sealed(`audit ${named}`, { settings });

    assert.equal(exitCode, 0);
    assert.doesNotMatch(output, /198\.51\.100/);
  });
}

for (const [option, got] of [
  ["--keep x", /--keep must list ids of rules such as sgr-\S+, got x: npx sealed audit lists them/],
  ["--shared sgr-1", /--shared must list ids of groups such as sg-\S+, got sgr-1: npx sealed audit/],
] as const) {
  test(`${option} is refused before AWS is asked anything`, async () => {
    const { ec2, sts } = fakePath();

    const { exitCode, errors } = await sealed(`lockdown --apply ${option}`);

    assert.equal(exitCode, 2);
    assert.match(errors, got);
    assert.deepEqual([ec2.calls, sts.calls()], [[], []]);
  });
}
