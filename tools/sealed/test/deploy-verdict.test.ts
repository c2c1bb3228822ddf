import assert from "node:assert/strict";
import test from "node:test";
import { SealedError } from "../src/errors.ts";
import { emptyAccount } from "./support/aws.ts";
import { awsError, sealed } from "./support/harness.ts";
import { verifiedAs } from "./support/verified.ts";

test("deploy ends with the hops, each in a line, and with 0 when all are sealed", async () => {
  emptyAccount();

  const { exitCode, output } = await sealed("deploy");

  assert.equal(exitCode, 0);
  assert.match(
    output,
    /hop 1 {2}client to load balancer {2}sealed\n {2}hop 2 .* sealed\n {2}hop 3 .* sealed\n/,
  );
  assert.match(output, /\ndeployed sealed-sandbox-network, sealed-sandbox-data, sealed-sandbox-web\n$/);
});

test("deploy ends with 1 and the reason when a hop is not as promised, although the deployment stands", async () => {
  emptyAccount();

  const { exitCode, output } = await sealed("deploy", { verifyDeployment: verifiedAs("open") });

  assert.equal(exitCode, 1);
  assert.match(output, /hop 2 {2}load balancer to app {2}OPEN\n {2}FAIL {2}TLS: what was seen/);
  assert.match(output, /do: close it/);
  assert.match(output, /\ndeployed .*, and not as promised: hop 2 \(load balancer to app\)\n$/);
});

test("deploy --json has the verdict and its hops beside the outputs", async () => {
  emptyAccount();

  const { output } = await sealed("deploy --json", { verifyDeployment: verifiedAs("unreached") });

  const document = JSON.parse(output);
  assert.equal(document.exitCode, 1);
  assert.equal(document.verification.verdict, "unreached");
  assert.deepEqual(
    document.verification.hops.map(({ id, state }: { id: string; state: string }) => [id, state]),
    [
      ["client-lb", "sealed"],
      ["lb-app", "unreached"],
      ["app-db", "sealed"],
    ],
  );
});

for (const [what, error] of [
  [
    "may not ask",
    awsError("AccessDenied", "not authorized to perform: elasticbeanstalk:DescribeEnvironments"),
  ],
  ["finds no environment", new SealedError("SEALED_ENVIRONMENT_MISSING", "nothing is deployed")],
] as const) {
  test(`deploy says that the hops could not be verified when it ${what}, and how to repeat that`, async () => {
    emptyAccount();

    const { exitCode, output } = await sealed("deploy", { verifyDeployment: () => Promise.reject(error) });

    assert.equal(exitCode, 1);
    assert.match(output, /run: npx sealed verify --deployed\n/);
    assert.match(
      output,
      /deployed .*, and its hops could not be verified: .*(not allowed|nothing is deployed)/,
    );
  });
}

test("Ctrl-C while the hops are verified: the deployment is told as it stands", async () => {
  emptyAccount();
  const stop = new AbortController();

  const { exitCode, output } = await sealed("deploy", {
    signal: stop.signal,
    verifyDeployment: async () => {
      stop.abort();
      throw stop.signal.reason;
    },
  });

  assert.equal(exitCode, 1);
  assert.match(output, /\ndeployed .*, and its hops could not be verified: stopped\n$/);
});

test("a fault of the program itself is no verdict", async () => {
  emptyAccount();
  const fault = () => Promise.reject(new TypeError("not a function"));

  const { exitCode, errors } = await sealed("deploy", { verifyDeployment: fault });

  assert.equal(exitCode, 1);
  assert.match(errors, /TypeError: not a function/);
});
