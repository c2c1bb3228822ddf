import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { clientSettings } from "../src/aws/connect.ts";
import { checkEndpointUrl, explainEndpoint } from "../src/aws/endpoint-url.ts";
import { emptyAccount } from "./support/aws.ts";
import { awsError, sealed } from "./support/harness.ts";
import { folder, sealedProcess } from "./support/process.ts";
import { CREDENTIALS, startSts } from "./support/sts-server.ts";

for (const [url, reason] of [
  ["cloud.example.com", /got "cloud.example.com": write one such as https:/],
  ["ftp://cloud.example.com", /begins with https:\/\/ or http:\/\//],
  ["https://cloud.example.com/?Action=x", /nothing follows its path/],
  ["https://cloud.example.com/#x", /nothing follows its path/],
] as const) {
  test(`--endpoint-url ${url} is refused before anything is called`, async () => {
    const { sts } = emptyAccount();

    const { exitCode, output } = await sealed(`deploy --json --endpoint-url ${url}`);

    const { error } = JSON.parse(output);
    assert.equal(exitCode, 2);
    assert.equal(error.code, "SEALED_ARGUMENTS_INVALID");
    assert.match(error.message, reason);
    assert.equal(sts.calls().length, 0);
  });
}

test("a password in --endpoint-url is refused and never repeated", async () => {
  const { exitCode, output, errors } = await sealed("deploy --endpoint-url https://me:hunter2@cloud.test");

  assert.equal(exitCode, 2);
  assert.match(errors, /credentials belong into a profile/);
  assert.doesNotMatch(output + errors, /hunter2/);
});

for (const [variable, value] of [
  ["AWS_ENDPOINT_URL", "nonsense"],
  ["AWS_ENDPOINT_URL_STS", "cloud.example.com"],
] as const) {
  test(`${variable}=${value} is named as what is wrong`, async () => {
    const environment = { ...CREDENTIALS, [variable]: value };

    const { exitCode, output, errors } = await sealedProcess(["status", "--json"], { environment });

    const { error } = JSON.parse(output);
    assert.deepEqual([exitCode, error.code], [2, "SEALED_ARGUMENTS_INVALID"]);
    assert.ok(
      error.message.startsWith(`${variable} must be the URL of an AWS-compatible cloud, got "${value}"`),
    );
    assert.doesNotMatch(errors, /^ +at /m);
  });
}

test("an address of the AWS configuration files that is no URL is told, and where it stands", async () => {
  const config = join(folder, "endpoints");
  writeFileSync(config, "[default]\nendpoint_url = nonsense\n");
  const environment = { ...CREDENTIALS, AWS_CONFIG_FILE: config };

  const { exitCode, errors } = await sealedProcess(["status"], { environment });

  assert.equal(exitCode, 2);
  assert.equal(
    errors,
    `error: endpoint_url in ${config} must be the URL of an AWS-compatible cloud, got "nonsense": ` +
      "write one such as https://cloud.example.com:8773\n",
  );
});

test("an address that is no URL, and stands in no settings, is a fault of this program and told as one", async () => {
  const config = join(folder, "other-endpoints");
  writeFileSync(config, "[default]\nendpoint_url = https://cloud.test\nendpoint_url = no\n");
  const fault = (() => {
    try {
      return new URL("else");
    } catch (error) {
      return error;
    }
  })();

  const environment = {
    AWS_CONFIG_FILE: config,
    AWS_SHARED_CREDENTIALS_FILE: config,
    AWS_ENDPOINT_URL: "no",
  };

  assert.equal(await explainEndpoint(fault, environment), fault);
});

test("an address without TLS is told of, unless it is this machine's own", () => {
  assert.match(checkEndpointUrl("http://cloud.test:8773") ?? "", /http:\/\/cloud.test:8773 has no TLS/);
  for (const url of ["https://cloud.test", "http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1"]) {
    assert.equal(checkEndpointUrl(url), undefined);
  }
  for (const url of ["http://127.0.0.1.cloud.test", "http://10.0.0.1:8773"]) {
    assert.match(checkEndpointUrl(url) ?? "", /has no TLS/);
  }
});

test("a client without --endpoint-url takes the Region's own address, one with it takes that", async () => {
  const clients = [undefined, "http://127.0.0.1:7/services"].map(
    (endpointUrl) => new STSClient(clientSettings({ region: "eu-west-1", endpointUrl })),
  );
  const addresses = clients.map(async ({ config }) => (await config.endpoint?.())?.hostname);

  assert.deepEqual(await Promise.all(addresses), [undefined, "127.0.0.1"]);
});

test("--endpoint-url goes before AWS_ENDPOINT_URL, and both reach the process's clients", async () => {
  await using configured = await startSts("999988887777");
  await using chosen = await startSts("444455556666");
  const args = ["diff", "--endpoint-url", chosen.environment.AWS_ENDPOINT_URL];

  const { exitCode, errors } = await sealedProcess(args, configured);

  assert.equal(exitCode, 2);
  assert.match(errors, /account 444455556666/);
  assert.equal(configured.calls(), 0);
});

test("an address where nothing listens is named", async () => {
  const { sts } = emptyAccount();
  sts.on(GetCallerIdentityCommand).rejects(awsError("Error", "connect ECONNREFUSED 127.0.0.1:1"));

  const { exitCode, errors } = await sealed("diff --endpoint-url http://127.0.0.1:1");

  assert.equal(exitCode, 3);
  assert.match(errors, /http:\/\/127.0.0.1:1 could not be reached: check --endpoint-url/);
});

test("the CDK's own command is sent to the same address", async () => {
  emptyAccount();
  let address: string | undefined;

  await sealed("diff --endpoint-url http://127.0.0.1:7", {
    diff: ({ environment }) => {
      address = environment.AWS_ENDPOINT_URL;
      return { output: "Number of stacks with differences: 0" };
    },
  });

  assert.equal(address, "http://127.0.0.1:7");
});
