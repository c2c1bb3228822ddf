import assert from "node:assert/strict";
import test from "node:test";
import { sealed } from "../support/harness.ts";

interface CostDocument {
  exitCode: number;
  monthlyUsd: number;
  hourlyUsd: number;
  topology: string;
  alternatives: { change: string; monthlyUsd: number }[];
  assumed: { gbOut: number };
  prices: { read: string; oldest: string };
  compared: { preset: string; topology: string; monthlyUsd: number }[];
}

async function cost(options: string): Promise<CostDocument> {
  const { output } = await sealed(`cost --json ${options}`.trim());
  return JSON.parse(output) as CostDocument;
}

test("cost says month, hour, parts, what drives it, other settings, assumptions and the age of the prices", async () => {
  const { exitCode, output } = await sealed("cost");

  assert.equal(exitCode, 0);
  assert.match(output, /^alb-reencrypt, sandbox, eu-west-1: \$\d+\.\d\d a month, \$0\.\d{3} an hour$/m);
  assert.match(output, /^database +\$14\.95 +\d+ %$/m);
  assert.match(output, /^\$12\.41 +\d+ % +db\.t4g\.micro in one zone +730 hour x 0\.017$/m);
  assert.match(output, /^\+\$70\.\d\d +egress: "nat-gateways" +one managed gateway/m);
  assert.match(output, /^assumed a month: 10 GB to clients, 1 million requests/m);
  assert.match(output, /^prices: tools\/sealed\/prices\.json of \d{4}-\d\d-\d\d, the oldest of/m);
});

test("cost --json prints one document with the numbers behind it", async () => {
  const { exitCode, monthlyUsd, hourlyUsd, topology, alternatives, prices } = await cost("");

  assert.equal(exitCode, 0);
  assert.ok(Math.abs(hourlyUsd * 730 - monthlyUsd) < 1e-9);
  assert.equal(topology, "alb-reencrypt");
  assert.ok(
    alternatives.some(({ change, monthlyUsd: more }) => change === 'egress: "nat-gateways"' && more > 0),
  );
  assert.match(prices.oldest, /^\d{4}-/);
});

test("cost of production names what its controls cost: standby, backups, web ACL, a second instance", async () => {
  const { alternatives } = await cost("--preset production");

  const changes = alternatives.map(({ change }) => change);
  for (const change of [
    'egress: "nat-instance"',
    'egress: "endpoints"',
    "webAcl: false",
    "preset multiAz: false",
    "preset backupPlan: false",
    "preset minInstances: 1",
    'preset databaseClass: "t4g.small"',
    'preset instanceTypes: "t4g.micro" first',
  ]) {
    assert.ok(changes.includes(change), change);
  }
  const standby = alternatives.find(({ change }) => change === "preset multiAz: false");
  assert.ok((standby?.monthlyUsd ?? 0) < 0);
});

test("the smallest sizes have no smaller one", async () => {
  const { alternatives } = await cost("");

  assert.ok(!alternatives.some(({ change }) => /databaseClass|instanceTypes/.test(change)));
});

test("what is assumed of the traffic can be said", async () => {
  const little = await cost("--gb-out 0");
  const much = await cost("--gb-out 1000");

  assert.equal(much.assumed.gbOut, 1_000);
  assert.ok(Math.abs(much.monthlyUsd - little.monthlyUsd - 90) < 1e-6);
});

test("cost --compare puts presets and topologies side by side", async () => {
  const { compared } = await cost("--compare sandbox production production/nlb-passthrough");

  assert.deepEqual(
    compared.map(({ preset, topology }) => `${preset}/${topology}`),
    ["sandbox/alb-reencrypt", "production/alb-reencrypt", "production/nlb-passthrough"],
  );
  assert.ok((compared[0]?.monthlyUsd ?? 0) < (compared[1]?.monthlyUsd ?? 0));
});

test("cost --compare prints a column for each", async () => {
  const { output } = await sealed("cost --compare alb-reencrypt single-instance");

  assert.match(output, /^a month +sandbox\/alb-reencrypt +sandbox\/single-instance$/m);
  assert.match(output, /^together +\$\d+\.\d\d +\$\d+\.\d\d$/m);
});

for (const [options, message] of [
  [
    "--compare",
    /--compare takes presets and topologies.*, got nothing, allowed: sandbox, production, alb[\s\S]*run: npx sealed cost --compare sandbox production\b/,
  ],
  ["--compare --json", /got nothing, allowed: sandbox, production, alb-reencrypt/],
  ["--compare nonsense", /got "nonsense", allowed: sandbox, production, alb-reencrypt/],
  ["--compare production/single-instance", /topology single-instance does not fit preset production/],
  ["--gb-out -1", /must be a number, 0 or more/],
  ["--requests many", /must be a number, 0 or more/],
  ["--region ap-south-1", /has no prices of Region ap-south-1, only of eu-west-1, us-east-1/],
] as const) {
  test(`cost ${options} is refused with what is allowed`, async () => {
    const { exitCode, errors } = await sealed(`cost ${options}`);

    assert.equal(exitCode, 2);
    assert.match(errors, message);
  });
}

test("templates that cannot be written end cost with what was said", async () => {
  const { exitCode, errors } = await sealed("cost", {
    templatesOf: () => {
      throw new Error("no synth today");
    },
  });

  assert.equal(exitCode, 1);
  assert.match(errors, /no synth today/);
});

test("a resource that nobody has priced is told with the cost", async () => {
  const { exitCode, output } = await sealed("cost", {
    templatesOf: () => [{ Resources: { A: { Type: "AWS::Kinesis::Stream" } } }],
  });

  assert.equal(exitCode, 0);
  assert.match(output, /^not in it, for nobody has said yet what it costs: AWS::Kinesis::Stream$/m);
});
