import assert from "node:assert/strict";
import test from "node:test";
import { checkRegion } from "../src/aws/region-name.ts";
import { emptyAccount } from "./support/aws.ts";
import { fakePath } from "./support/cloud/fake-path.ts";
import { needed } from "./support/cloud/rules.ts";
import { sealed } from "./support/harness.ts";

const CLOUD = "https://cloud.example.com:8773";

test("--region takes every name of AWS's own clouds", () => {
  for (const region of ["eu-west-1", "us-gov-west-1", "cn-north-1", "eusc-de-east-1", "us-iso-east-1"]) {
    assert.doesNotThrow(() => checkRegion({ region }, {}), region);
  }
});

test("--region takes the names of another cloud where the calls go there", () => {
  for (const region of ["RegionOne", "eucalyptus", "eu-west-1", "garage", "dc3-a"]) {
    assert.doesNotThrow(() => checkRegion({ region, endpointUrl: CLOUD }, {}), region);
    assert.doesNotThrow(() => checkRegion({ region }, { AWS_ENDPOINT_URL: CLOUD }), region);
  }
});

for (const args of [
  "--region RegionOne",
  "--region eu-west-",
  "--region nowhere",
  "--region e-west-1",
  "--region EU-WEST-1",
  "--region eu-west-1.evil.test",
  `--region region/one --endpoint-url ${CLOUD}`,
  `--region region.one --endpoint-url ${CLOUD}`,
  `--region -one --endpoint-url ${CLOUD}`,
]) {
  test(`${args} is refused before anything is called, with what is allowed`, async () => {
    const { sts } = emptyAccount();

    const { exitCode, errors } = await sealed(`status ${args}`);

    assert.equal(exitCode, 2);
    assert.match(errors, /^error: --region must be (one|letters, digits and hyphens,) such as/m);
    assert.equal(sts.calls().length, 0);
  });
}

for (const args of ["--region eusc-de-east-1", `--region RegionOne --endpoint-url ${CLOUD}`]) {
  test(`audit of a load balancer works with ${args}, which infra/ has nothing for`, async () => {
    const { ec2 } = fakePath();
    ec2.give(needed);

    const { exitCode, errors } = await sealed(`audit --load-balancer lb ${args}`);

    assert.equal(exitCode, 0, errors);
  });
}

for (const command of ["deploy", "diff", "synth"]) {
  test(`${command} into a Region that infra/ has nothing for is refused before anything is called`, async () => {
    const { sts } = emptyAccount();

    const { exitCode, errors, programs } = await sealed(`${command} --region eusc-de-east-1`);

    assert.equal(exitCode, 2);
    assert.match(errors, /^error: infra\/ deploys to Regions such as eu-west-1, got eusc-de-east-1/m);
    assert.deepEqual([sts.calls().length, programs], [0, []]);
  });
}
