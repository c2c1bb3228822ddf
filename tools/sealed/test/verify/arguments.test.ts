import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { freePort, privateCa } from "@sealed/servers";
import { emptyAccount } from "../support/aws.ts";
import { sealed } from "../support/harness.ts";

const directory = mkdtempSync(join(tmpdir(), "sealed-arguments-"));
after(() => rmSync(directory, { recursive: true }));
const ca = await privateCa({ dir: directory });
const notPem = join(directory, "not.pem");
writeFileSync(notPem, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

/** Describes a sandbox whose address nobody listens at. */
async function describeSandbox(): Promise<string> {
  const folder = mkdtempSync(join(directory, "state-"));
  const url = `https://localhost:${await freePort()}`;
  const state = { url, topology: "alb-reencrypt", caFile: ca.caFile, instances: [{ name: "app-1", url }] };
  writeFileSync(join(folder, "state.json"), JSON.stringify(state));
  return folder;
}

for (const [args, message] of [
  ["https://localhost:1 --local", /one of URL, --local and --deployed/],
  ["--local --deployed", /one of URL, --local and --deployed/],
  ["http://localhost:1", /must be a URL with https:\/\/, got "http:\/\/localhost:1"/],
  ["localhost", /must be a URL with https:\/\/, got "localhost": did you mean https:\/\/localhost\?/],
  ["localhost:8443", /got "localhost:8443": did you mean https:\/\/localhost:8443\?/],
  ["app.test/x --ca x.pem", /got "app.test\/x": did you mean https:\/\/app.test\/x\?/],
  ["me:word@localhost:1", /must hold no user and no password/],
  ["https://", /got "https:\/\/"$/m],
  ["https://me:word@localhost:1", /must hold no user and no password/],
  ["http://me:word@localhost:1", /must hold no user and no password/],
  ["https://localhost:1 --instance ftp://x", /https:\/\/ or http:\/\/, got "ftp:\/\/x"/],
  [
    "https://localhost:1 --probe-instances",
    /--probe-instances does not go with a URL: it belongs to the deployment/,
  ],
  [
    "--deployed --instance https://localhost:1",
    /--instance does not go with the deployment: it belongs to a URL/,
  ],
  ["--deployed --http-port 80", /--http-port does not go with the deployment/],
  ["https://localhost:1 --preset production", /--preset does not go with a URL/],
  ["https://localhost:1 --http-port 0", /whole number from 1 to 65535/],
  ["https://localhost:1 --http-port 80x", /whole number from 1 to 65535/],
  ["https://localhost:1 --topology none", /Allowed choices are alb-reencrypt/],
  [`https://localhost:1 --ca ${directory}/absent.pem`, /--ca: .*absent\.pem cannot be read \(ENOENT\)/],
  [`https://localhost:1 --ca ${notPem}`, /--ca: .*not\.pem must hold certificates in PEM/],
] as const) {
  test(`verify refuses "${args.replace(directory, "DIR")}" before it looks at anything`, async () => {
    emptyAccount();

    const { exitCode, errors } = await sealed(`verify ${args}`);

    assert.equal(exitCode, 2);
    assert.match(errors, message);
    assert.doesNotMatch(errors, /me:word/);
  });
}

test("without arguments a running sandbox is meant, and its address is asked", async () => {
  const { exitCode, output } = await sealed("verify", { sandboxDirectory: await describeSandbox() });

  assert.equal(exitCode, 3);
  assert.match(output, /nothing listens there/);
  assert.match(output, /NOT SEEN \(alb-reencrypt\): could not be seen: hop 1 \(client to load balancer\)/);
});

test("without arguments and without a sandbox the deployment is meant", async () => {
  const { cloudFormation } = emptyAccount();

  const { exitCode, errors } = await sealed("verify");

  assert.equal(exitCode, 3);
  assert.match(errors, /nothing is deployed as sealed-sandbox-web \(alb-reencrypt\) in eu-west-1/);
  assert.ok(cloudFormation.calls().length > 0);
});

test("--deployed means the deployment although a sandbox runs", async () => {
  emptyAccount();

  const { errors } = await sealed("verify --deployed", { sandboxDirectory: await describeSandbox() });

  assert.match(errors, /nothing is deployed/);
});

test("an option of the deployment does not go with a sandbox that was not named", async () => {
  const { exitCode, errors } = await sealed("verify --probe-instances", {
    sandboxDirectory: await describeSandbox(),
  });

  assert.equal(exitCode, 2);
  assert.match(errors, /--probe-instances does not go with the running sandbox/);
});

test("verify --local where no sandbox runs has nothing to look at, and says what starts one", async () => {
  const { exitCode, output } = await sealed("verify --local --json");

  const { error } = JSON.parse(output);
  assert.deepEqual([exitCode, error.code], [3, "SEALED_ENVIRONMENT_MISSING"]);
  assert.match(error.message, /no sandbox runs in this clone/);
  assert.deepEqual(error.mend, ["npm start"]);
});

for (const [what, text, message] of [
  ["is cut off", "{", /state\.json does not describe a sandbox/],
  ["is empty", "null", /state\.json does not describe a sandbox/],
  ["has no address", '{"topology":"alb-reencrypt"}', /state\.json does not describe a sandbox/],
  [
    "names another topology",
    '{"url":"https://localhost:1","topology":"none","caFile":"ca.pem","instances":[]}',
    /state\.json does not describe a sandbox/,
  ],
  [
    "names an authority that is gone",
    '{"url":"https://localhost:1","topology":"alb-reencrypt","caFile":"/gone/ca.pem","instances":[]}',
    /\/gone\/ca\.pem cannot be read \(ENOENT\)/,
  ],
] as const) {
  test(`a description of a sandbox that ${what} is no verdict, and is said to be unusable`, async () => {
    const sandboxDirectory = mkdtempSync(join(directory, "state-"));
    writeFileSync(join(sandboxDirectory, "state.json"), text);

    const { exitCode, errors } = await sealed("verify", { sandboxDirectory });

    assert.equal(exitCode, 3);
    assert.match(errors, message);
    assert.match(errors, /run: npm run stop\n +run: npm start/);
    assert.doesNotMatch(errors, / at .*\.ts:/);
  });
}

test("verify without a sandbox says that it means the deployment", async () => {
  emptyAccount();

  const { output } = await sealed("verify");

  assert.match(
    output,
    /^no sandbox runs in this clone \(npm start begins one\): looking at the deployment$/m,
  );
});

test("an address that does not answer is shown without words for what nobody knows", async () => {
  const { output } = await sealed("verify https://localhost:1");

  assert.match(
    output,
    /by design the certificate is checked by whoever the topology names, and it is not known/,
  );
});
