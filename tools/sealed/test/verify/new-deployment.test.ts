import assert from "node:assert/strict";
import { test } from "node:test";
import { freePort } from "@sealed/servers";
import { verifyDeployment } from "../../src/verify/verify-deployment.ts";
import { emptyAccount } from "../support/aws.ts";
import { sealed } from "../support/harness.ts";
import { deployedAccount } from "../support/verify/deployed-account.ts";
import { startDeployedPath } from "../support/verify/deployed-path.ts";
import { startModelledFront } from "../support/verify/modelled-front.ts";

test("deploy waits for the new address to answer, and then judges it with AWS's own answers", async () => {
  await using path = await startDeployedPath();
  emptyAccount();
  const port = await freePort();
  let pauses = 0;
  let front: Promise<AsyncDisposable> | undefined;

  const { exitCode, output } = await sealed("deploy", {
    now: new Date(),
    onPause() {
      if (front === undefined && ++pauses === 3) front = startModelledFront(path.front, port);
    },
    verifyDeployment: async (deployment, context, check) => {
      path.model.url = `https://localhost:${port}`;
      // Before the deployment the account was empty.
      deployedAccount(path.model);
      pauses = 0;
      return await verifyDeployment(deployment, context, check);
    },
  });
  await (await front)?.[Symbol.asyncDispose]();

  assert.equal(pauses, 3);
  assert.match(
    output,
    /hop 1 {2}client to load balancer {2}sealed\n {2}hop 2 .* sealed\n {2}hop 3 .* sealed\n/,
  );
  assert.equal(exitCode, 0);
});

test("deploy gives up on an address that never answers, and says which hop that is", async () => {
  await using path = await startDeployedPath();
  emptyAccount();
  let pauses = 0;

  const { exitCode, output } = await sealed("deploy", {
    now: new Date(),
    onPause: () => pauses++,
    verifyDeployment: async (deployment, context, check) => {
      path.model.url = `https://localhost:${await freePort()}`;
      deployedAccount(path.model);
      pauses = 0;
      return await verifyDeployment(deployment, context, check);
    },
  });

  assert.equal(pauses, 18);
  assert.match(output, /hop 1 .* NOT SEEN\n {2}\? +TLS at the public address: nothing listens there/);
  assert.equal(exitCode, 1);
});
