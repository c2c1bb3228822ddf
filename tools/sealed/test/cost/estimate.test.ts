import assert from "node:assert/strict";
import test from "node:test";
import { type Estimate, estimate } from "../../src/cost/estimate.ts";
import type { RegionPrices } from "../../src/cost/price-list.ts";
import { priceNames } from "../../src/cost/price-names.ts";
import type { Usage } from "../../src/cost/usage.ts";

const NOTHING: Usage = { gbOut: 0, requests: 0, logsGb: 0, flowLogsGb: 0, egressGb: 0 };

/** Every price is a dollar, unless told otherwise: then a quantity is an amount. */
const DOLLARS: RegionPrices = Object.fromEntries(
  priceNames.map((name) => [name, { usd: 1, date: "2026-01-01", basis: "derived", source: "a test" }]),
);

/** Returns the estimate of some resources, without the buckets that every deployment has. */
function of(
  resources: Record<string, [string, Record<string, unknown>?]>,
  usage: Partial<Usage> = {},
): Estimate {
  const Resources = Object.fromEntries(
    Object.entries(resources).map(([id, [Type, Properties = {}]]) => [id, { Type, Properties }]),
  );
  return estimate([{ Resources }], { ...NOTHING, ...usage }, DOLLARS);
}

function quantityOf({ lines }: Estimate, what: string): number | undefined {
  return lines.find((line) => line.what === what)?.quantity;
}

function environment(options: Record<string, string>): [string, Record<string, unknown>] {
  const OptionSettings = Object.entries({
    MinSize: "2",
    InstanceTypes: "t4g.small,t4g.medium",
    RootVolumeSize: "12",
    MonitoringInterval: "1 minute",
    EnvironmentType: "LoadBalanced",
    ...options,
  }).map(([OptionName, Value]) => ({ Namespace: "n", OptionName, Value }));
  return ["AWS::ElasticBeanstalk::Environment", { OptionSettings }];
}

test("an environment is its instances at rest of the first type, with disks and detailed metrics", () => {
  const cost = of({ E: environment({ LoadBalancerIsShared: "true", LoadBalancerType: "application" }) });

  assert.equal(quantityOf(cost, "2 x t4g.small"), 2 * 730);
  assert.equal(quantityOf(cost, "disks of the instances"), 24);
  assert.equal(quantityOf(cost, "detailed monitoring of the instances"), 14);
  assert.equal(cost.groups["load balancer"], 0);
});

for (const [type, what] of [
  ["classic", "classic load balancer"],
  ["network", "network load balancer"],
] as const) {
  test(`a ${type} load balancer that Elastic Beanstalk makes is counted, with an address in each zone`, () => {
    const cost = of({ E: environment({ LoadBalancerType: type }) });

    assert.equal(quantityOf(cost, what), 730);
    assert.equal(quantityOf(cost, "public addresses of the load balancer"), 2 * 730);
  });
}

test("a single instance has one address and no load balancer", () => {
  const cost = of({ E: environment({ EnvironmentType: "SingleInstance", MinSize: "1" }) });

  assert.equal(quantityOf(cost, "public address of the instance"), 730);
  assert.equal(cost.groups["load balancer"], 0);
});

test("each health metric that the environment sends is one of one's own", () => {
  const ConfigDocument = JSON.stringify({
    CloudWatchMetrics: { Environment: { A: 60, B: 60 }, Instance: { C: 60 } },
  });

  const cost = of({ E: environment({ ConfigDocument }) });

  assert.equal(quantityOf(cost, "health metrics of Elastic Beanstalk"), 3);
});

test("a database with a standby has its own prices, and RDS's secret", () => {
  const cost = of({
    D: [
      "AWS::RDS::DBInstance",
      {
        DBInstanceClass: "db.t4g.medium",
        MultiAZ: true,
        AllocatedStorage: "50",
        ManageMasterUserPassword: true,
      },
    ],
  });

  const prices = cost.lines.map(({ price, quantity }) => [price, quantity]);
  assert.deepEqual(prices.slice(0, 2), [
    ["rds.mysql.db.t4g.medium.multi-az", 730],
    ["rds.gp3.multi-az", 50],
  ]);
  assert.equal(quantityOf(cost, "secrets"), 1);
});

test("an interface endpoint costs in each subnet, a gateway endpoint nothing", () => {
  const cost = of({
    I: ["AWS::EC2::VPCEndpoint", { VpcEndpointType: "Interface", SubnetIds: ["a", "b"] }],
    G: ["AWS::EC2::VPCEndpoint", { VpcEndpointType: "Gateway", SubnetIds: ["a"] }],
  });

  assert.equal(quantityOf(cost, "interface endpoints"), 2 * 730);
  assert.equal(cost.groups.network, 2 * 730);
});

test("things of the same kind are one line", () => {
  const cost = of({ A: ["AWS::EC2::NatGateway"], B: ["AWS::EC2::NatGateway"] });

  assert.equal(quantityOf(cost, "NAT gateways"), 2 * 730);
});

test("a NAT instance is an instance with disk, address and metrics", () => {
  const cost = of({ N: ["AWS::EC2::Instance", { InstanceType: "t4g.nano", Monitoring: true }] });

  assert.equal(quantityOf(cost, "NAT instance (t4g.nano)"), 730);
  assert.equal(quantityOf(cost, "public address of the NAT instance"), 730);
  assert.equal(quantityOf(cost, "disk of the NAT instance"), 8);
  assert.equal(quantityOf(cost, "detailed monitoring of the NAT instance"), 7);
});

test("capacity units are the larger of what is moved and what connects", () => {
  const balancer = { L: ["AWS::ElasticLoadBalancingV2::LoadBalancer"] } as const;

  const bytes = of(
    { ...balancer, L: ["AWS::ElasticLoadBalancingV2::LoadBalancer"] },
    { gbOut: 100, requests: 1 },
  );
  const requests = of({ L: ["AWS::ElasticLoadBalancingV2::LoadBalancer"] }, { gbOut: 1, requests: 90 });

  assert.equal(quantityOf(bytes, "capacity units"), 100);
  assert.equal(quantityOf(requests, "capacity units"), 1_000);
});

test("what goes out is charged by the way it takes", () => {
  const usage = { egressGb: 7, flowLogsGb: 3, logsGb: 2, requests: 5 };

  const gateways = of({ N: ["AWS::EC2::NatGateway"], F: ["AWS::EC2::FlowLog"] }, usage);
  const endpoints = of(
    { I: ["AWS::EC2::VPCEndpoint", { VpcEndpointType: "Interface", SubnetIds: ["a"] }] },
    usage,
  );
  const acl = of({ W: ["AWS::WAFv2::WebACL", { Rules: [{}, {}] }] }, usage);

  assert.equal(quantityOf(gateways, "through the NAT gateways"), 7);
  assert.equal(quantityOf(gateways, "flow logs"), 3);
  assert.equal(quantityOf(endpoints, "through the interface endpoints"), 7);
  assert.equal(quantityOf(endpoints, "flow logs"), undefined);
  assert.equal(quantityOf(acl, "requests that the web ACL looks at"), 5);
  assert.equal(quantityOf(acl, "rules of the web ACL"), 2);
});

test("only an exportable certificate costs, once in the months that it is valid", () => {
  const cost = of({
    A: ["AWS::CertificateManager::Certificate", { CertificateExport: "ENABLED" }],
    B: ["AWS::CertificateManager::Certificate", {}],
  });

  assert.ok(Math.abs(cost.groups["keys and secrets"] - 1 / 6.5) < 1e-9);
});

test("the lines add up, the dearest first, and the hour is a 730th of the month", () => {
  const cost = of({ A: ["AWS::KMS::Key"], B: ["AWS::EC2::NatGateway"] });

  const total = cost.lines.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0);
  assert.equal(cost.lines[0]?.what, "NAT gateways");
  assert.ok(Math.abs(cost.monthlyUsd - total) < 1e-9);
  assert.ok(Math.abs(cost.hourlyUsd * 730 - total) < 1e-9);
  assert.ok(Math.abs(cost.lines.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-9);
});

test("a type that nobody has decided about is named", () => {
  const cost = of({ A: ["AWS::Kinesis::Stream"], B: ["AWS::EC2::Subnet"] });

  assert.deepEqual(cost.unpriced, ["AWS::Kinesis::Stream"]);
});

test("a price that the list does not have is an error with the command that fetches it", () => {
  const Resources = { A: { Type: "AWS::EC2::Instance", Properties: { InstanceType: "m7g.large" } } };

  assert.throws(() => estimate([{ Resources }], NOTHING, DOLLARS), {
    code: "SEALED_PRICES_MISSING",
    message: /no price "ec2\.m7g\.large"/,
  });
});
