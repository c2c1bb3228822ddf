import assert from "node:assert/strict";
import test from "node:test";
import { DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import {
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DescribeNatGatewaysCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  type Instance,
} from "@aws-sdk/client-ec2";
import { GetAWSDefaultServiceQuotaCommand, GetServiceQuotaCommand } from "@aws-sdk/client-service-quotas";
import { emptyAccount } from "../support/aws.ts";
import { diagnose } from "../support/diagnose.ts";
import { awsError } from "../support/harness.ts";
import { production } from "../support/world.ts";

const NETWORK_STANDS = {
  Stacks: [
    {
      StackName: "sealed-sandbox-network",
      StackStatus: "UPDATE_COMPLETE" as const,
      CreationTime: new Date(0),
    },
  ],
};

function vpcs(count: number) {
  return Array.from({ length: count }, (_, index) => ({ VpcId: `vpc-${index}` }));
}

test("VPCs are counted over all pages, and the one too many is a problem with the request that mends it", async () => {
  const { ec2 } = emptyAccount();
  ec2
    .on(DescribeVpcsCommand)
    .resolves({ Vpcs: vpcs(2) })
    .on(DescribeVpcsCommand, { NextToken: undefined })
    .resolves({ Vpcs: vpcs(3), NextToken: "2" });

  const { exitCode, foundOf, verdictOf, mendOf } = await diagnose();

  assert.equal(exitCode, 1);
  assert.equal(verdictOf("quota-vpcs"), "problem");
  assert.equal(foundOf("quota-vpcs"), "5 of 5 in use, 1 more needed");
  assert.deepEqual(mendOf("quota-vpcs"), [
    "aws service-quotas request-service-quota-increase --service-code vpc --quota-code L-F678F1CE --desired-value 6 --region eu-west-1",
  ]);
});

test("a deployment that stands needs no more room for its network", async () => {
  const { ec2, cloudFormation } = emptyAccount();
  ec2.on(DescribeVpcsCommand).resolves({ Vpcs: vpcs(5) });
  cloudFormation.on(DescribeStacksCommand, { StackName: "sealed-sandbox-network" }).resolves(NETWORK_STANDS);

  const { foundOf, verdictOf } = await diagnose();

  assert.equal(verdictOf("quota-vpcs"), "ok");
  assert.equal(foundOf("quota-vpcs"), "5 of 5 in use, 0 more needed");
  assert.equal(foundOf("stacks"), "network");
});

test("production takes an address and a gateway for each of its two zones", async () => {
  const { ec2 } = emptyAccount();
  ec2.on(DescribeAddressesCommand).resolves({ Addresses: [{}, {}, {}, {}] });

  const { exitCode, foundOf, verdictOf } = await diagnose("", { settings: production });

  assert.equal(exitCode, 1);
  assert.equal(foundOf("quota-elastic-ips"), "4 of 5 in use, 2 more needed");
  assert.equal(verdictOf("quota-elastic-ips"), "problem");
  assert.equal(foundOf("quota-nat-gateways"), "0 of 5 in use, 1 more needed");
});

test("a single instance takes one address, a sandbox behind a load balancer none", async () => {
  emptyAccount();

  const single = await diagnose("--topology single-instance");
  const balanced = await diagnose();

  assert.match(single.foundOf("quota-elastic-ips"), /1 more needed/);
  assert.match(balanced.foundOf("quota-elastic-ips"), /0 more needed/);
});

test("NAT gateways are counted in the fullest zone, over all pages", async () => {
  const { ec2 } = emptyAccount();
  ec2
    .on(DescribeNatGatewaysCommand)
    .resolves({ NatGateways: [{ SubnetId: "a2" }, { SubnetId: "b1" }] })
    .on(DescribeNatGatewaysCommand, { NextToken: undefined })
    .resolves({ NatGateways: [{ SubnetId: "a1" }, { SubnetId: "a1" }], NextToken: "2" });
  ec2.on(DescribeSubnetsCommand).resolves({
    Subnets: [
      { SubnetId: "a1", AvailabilityZone: "eu-west-1a" },
      { SubnetId: "a2", AvailabilityZone: "eu-west-1a" },
      { SubnetId: "b1", AvailabilityZone: "eu-west-1b" },
    ],
  });

  const { foundOf } = await diagnose("", { settings: production });

  assert.equal(foundOf("quota-nat-gateways"), "3 of 5 in use, 1 more needed");
});

test("NAT gateways that are being deleted count: they take their place until they are gone", async () => {
  const { ec2 } = emptyAccount();

  await diagnose("", { settings: production });

  assert.deepEqual(ec2.commandCalls(DescribeNatGatewaysCommand)[0]?.args[0].input.Filter, [
    { Name: "state", Values: ["pending", "available", "deleting"] },
  ]);
});

test("VPCs that other accounts share with this one do not count", async () => {
  const { ec2 } = emptyAccount();
  ec2.on(DescribeVpcsCommand).resolves({
    Vpcs: [
      { VpcId: "vpc-own", OwnerId: "111122223333" },
      { VpcId: "vpc-shared", OwnerId: "999988887777" },
    ],
  });

  const { foundOf } = await diagnose();

  assert.equal(foundOf("quota-vpcs"), "1 of 5 in use, 1 more needed");
});

test("vCPUs count running on-demand instances of the standard families, over 3 pages of 500", async () => {
  const { ec2 } = emptyAccount();
  const standard: Instance = { InstanceType: "t4g.small", CpuOptions: { CoreCount: 2, ThreadsPerCore: 1 } };
  const threads: Instance = { InstanceType: "m7i.large", CpuOptions: { CoreCount: 1, ThreadsPerCore: 2 } };
  const page = (instance: Instance) => [{ Instances: Array.from({ length: 500 }, () => instance) }];
  ec2
    .on(DescribeInstancesCommand)
    .resolves({ Reservations: [] })
    .on(DescribeInstancesCommand, { NextToken: undefined })
    .resolves({ Reservations: page(standard), NextToken: "2" })
    .on(DescribeInstancesCommand, { NextToken: "2" })
    .resolves({ Reservations: page(threads), NextToken: "3" })
    .on(DescribeInstancesCommand, { NextToken: "3" })
    .resolves({
      Reservations: [
        { Instances: [{ ...standard, InstanceLifecycle: "spot" }] },
        { Instances: [{ ...standard, InstanceType: "g5.xlarge" }] },
      ],
    });

  const { exitCode, foundOf } = await diagnose();

  assert.equal(foundOf("quota-instances"), "2000 of 64 in use, 6 more needed");
  assert.equal(exitCode, 1);
});

test("production needs twice its instances at the peak of an immutable deployment, and one at a time nothing", async () => {
  const { cloudFormation } = emptyAccount();

  const first = await diagnose("", { settings: production });
  cloudFormation.on(DescribeStacksCommand).resolves(NETWORK_STANDS);
  const immutable = await diagnose("", { settings: production });
  const inPlace = await diagnose();

  assert.match(first.foundOf("quota-instances"), / 8 more needed/);
  assert.match(immutable.foundOf("quota-instances"), / 8 more needed/);
  assert.match(inPlace.foundOf("quota-instances"), / 0 more needed/);
});

test("a quota without a value of the account's own is AWS's default", async () => {
  const { quotas } = emptyAccount();
  quotas
    .on(GetServiceQuotaCommand, { QuotaCode: "L-F678F1CE" })
    .rejects(awsError("NoSuchResourceException", "not found"))
    .on(GetAWSDefaultServiceQuotaCommand)
    .resolves({ Quota: { Value: 7 } });

  const { foundOf } = await diagnose();

  assert.equal(foundOf("quota-vpcs"), "1 of 7 in use, 1 more needed");
});

test("a quota of which AWS tells no value at all is not checked", async () => {
  const { quotas } = emptyAccount();
  quotas
    .on(GetServiceQuotaCommand, { QuotaCode: "L-F678F1CE" })
    .resolves({ Quota: {} })
    .on(GetAWSDefaultServiceQuotaCommand)
    .resolves({});

  const { exitCode, foundOf, verdictOf } = await diagnose();

  assert.equal(verdictOf("quota-vpcs"), "unchecked");
  assert.equal(foundOf("quota-vpcs"), "1 in use, 1 more needed: AWS tells no value of the quota");
  assert.equal(exitCode, 3);
});
