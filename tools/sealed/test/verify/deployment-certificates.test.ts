import assert from "node:assert/strict";
import { test } from "node:test";
import { GetCommandInvocationCommand, SendCommandCommand } from "@aws-sdk/client-ssm";
import { awsError } from "../support/harness.ts";
import { hoursAgo, published } from "../support/verify/deployed-model.ts";
import { STRANGER, STRANGERS_PEM, startDeployedPath } from "../support/verify/deployed-path.ts";
import { production } from "../support/world.ts";

test("the certificate at a load balancer without domain must be the one that ACM holds", async () => {
  await using path = await startDeployedPath();
  path.model.certificatePem = STRANGERS_PEM;

  const found = await path.verify();

  assert.deepEqual(found.wrong, ["client-lb certificate-chain", "client-lb certificate-name"]);
});

test("behind a load balancer that checks nothing, an answer in an instance's name must have its certificate", async () => {
  await using path = await startDeployedPath();
  path.front.fingerprints = { ...path.front.fingerprints, "ip-10-0-2-20": STRANGER };

  const found = await path.verify();

  assert.deepEqual(found.wrong, ["lb-app fingerprint ip-10-0-2-20"]);
  assert.match(found.seen("fingerprint"), /^AB:AB:AB:AB…AB:AB:AB:CD$/);
});

test("an answer of an instance that does not exist is named, beside those that never answer", async () => {
  await using path = await startDeployedPath();
  path.front.fingerprints = { stranger: STRANGER };

  const found = await path.verify();

  assert.deepEqual(found.wrong, ["lb-app instances", "lb-app strangers"]);
  assert.equal(found.seen("instances"), "never answered: ip-10-0-1-10, ip-10-0-2-20");
  assert.equal(found.seen("strangers"), "answered too: stranger");
});

test("where clients see the app's certificate, another one than it publishes is named twice", async () => {
  await using path = await startDeployedPath("single-instance");
  const [first] = path.model.instances;
  path.model.log = [published(first?.id ?? "", first?.name ?? "", STRANGER)];

  const found = await path.verify();

  assert.deepEqual(found.wrong, [
    "client-lb certificate-chain",
    "client-lb fingerprint ip-10-0-1-10",
    "lb-app fingerprint ip-10-0-1-10",
  ]);
});

test("where clients see the app's certificate, another one than its own word is named too", async () => {
  await using path = await startDeployedPath("single-instance");
  path.front.fingerprints = { "ip-10-0-1-10": STRANGER };

  const { wrong } = await path.verify();

  // The first by the hops page, the second by the log, against what the client was served and against that page.
  assert.deepEqual(wrong, ["client-lb fingerprint ip-10-0-1-10", "lb-app fingerprint ip-10-0-1-10"]);
});

test("the last certificate that an instance published counts, whatever stands before and between", async () => {
  await using path = await startDeployedPath();
  const [first] = path.model.instances;
  const { id = "", name = "" } = first ?? {};
  const good = path.model.log.find(({ logStreamName }) => logStreamName === id);
  path.model.log.push(
    { ...good, timestamp: hoursAgo(0.5) },
    published(id, name, STRANGER, hoursAgo(0.7)),
    { logStreamName: id, timestamp: hoursAgo(0.3), message: 'Nov 22 ip web[1]: {"fingerprint256":"cut' },
    { logStreamName: id, timestamp: hoursAgo(0.2), message: 'Nov 22 ip web[1]: {"fingerprint256":7}' },
  );

  const { wrong } = await path.verify();

  assert.deepEqual(wrong, []);
});

test("a certificate that was published half a year ago is found, and an older one of another instance is not mixed in", async () => {
  await using path = await startDeployedPath();
  path.model.log = path.model.log.map((event, index) => ({
    ...event,
    timestamp: hoursAgo(index === 0 ? 1 : 24 * 180),
  }));

  const { wrong, noted } = await path.verify();

  assert.deepEqual(wrong, []);
  assert.deepEqual(
    noted.filter((one) => one.startsWith("lb-app fingerprint i-")),
    [],
  );
});

test("an instance that has published nothing yet is noted, and claims nothing", async () => {
  await using path = await startDeployedPath();
  path.model.log = path.model.log.slice(0, 1);

  const { wrong, exitCode, noted } = await path.verify();

  assert.deepEqual(wrong, []);
  assert.equal(exitCode, 0);
  assert.ok(noted.includes("lb-app fingerprint i-0bbb"));
});

test("a certificate that nobody signed and nobody has published is not called good", async () => {
  await using path = await startDeployedPath("single-instance");
  path.model.log = [];

  const { wrong, exitCode } = await path.verify();

  assert.ok(wrong.includes("client-lb certificate-chain"));
  assert.equal(exitCode, 3);
});

test("--probe-instances compares what each instance serves, asked from inside, with what it publishes", async () => {
  await using path = await startDeployedPath();
  let isKnown = false;
  path.account.ssm.on(GetCommandInvocationCommand).callsFake(({ InstanceId }) => {
    if (isKnown) return { Status: "Success", StandardOutputContent: path.model.servedBy[InstanceId] };
    isKnown = true;
    throw awsError("InvocationDoesNotExist", "not yet");
  });

  const good = await path.verify("--probe-instances");
  path.model.servedBy["i-0bbb"] = `sha256 Fingerprint=${STRANGER}\n`;
  const bad = await path.verify("--probe-instances");
  path.model.servedBy["i-0bbb"] = "unable to load certificate";
  const silent = await path.verify("--probe-instances");

  assert.deepEqual(good.wrong, []);
  assert.deepEqual(bad.wrong, ["lb-app fingerprint i-0bbb, asked from inside"]);
  assert.deepEqual(silent.wrong, bad.wrong);
  const [sent] = path.account.ssm.commandCalls(SendCommandCommand);
  assert.deepEqual(sent?.args[0].input.InstanceIds, ["i-0aaa", "i-0bbb"]);
  assert.match(
    sent?.args[0].input.Parameters?.commands?.[0] ?? "",
    /^openssl s_client .*:443" -servername localhost /,
  );
});

test("--probe-instances that is not allowed leaves hop 2 unseen", async () => {
  await using path = await startDeployedPath();
  path.account.ssm
    .on(SendCommandCommand)
    .rejects(awsError("AccessDeniedException", "not authorized to perform: ssm:SendCommand"));

  const found = await path.verify("--probe-instances");

  assert.ok(found.wrong.includes("lb-app fingerprint-inside"));
  assert.equal(found.states["lb-app"], "unreached");
  assert.equal(found.exitCode, 3);
});

test("without --probe-instances nothing is run on an instance, and that is noted", async () => {
  await using path = await startDeployedPath();

  const { noted } = await path.verify();

  assert.deepEqual(
    noted.filter((one) => one.includes("inside")),
    ["lb-app fingerprint-inside"],
  );
  assert.equal(path.account.ssm.calls().length, 0);
});

test("in production the hops page must be off, and AWS alone speaks for what is behind", async () => {
  await using path = await startDeployedPath("alb-reencrypt", { hasDomain: true });
  path.model.settings = path.model.settings.map((one) =>
    one.OptionName === "HOPS_PAGE" ? { ...one, Value: "off" } : one,
  );
  const world = { settings: production };
  path.front.hopsPage = "off";
  const off = await path.verify("--ca CA", world);
  path.front.hopsPage = "on";
  const on = await path.verify("--ca CA", world);

  assert.deepEqual(off.wrong, []);
  assert.equal(off.exitCode, 0);
  assert.deepEqual(on.wrong, ["lb-app hops-page"]);
  assert.equal(on.seen("hops-page"), "on, for everybody");
});
