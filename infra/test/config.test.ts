import assert from "node:assert/strict";
import test from "node:test";
import { type DeploymentSettings, loadConfig } from "../lib/config.ts";
import { presets } from "../lib/presets.ts";
import { settings as shipped } from "../sealed.config.ts";
import { assemblyOf, production, sandbox } from "./support/assemblies.ts";
import { deployments } from "./support/deployments.ts";

test("a sandbox needs an account and a Region, and nothing else", () => {
  const config = loadConfig({
    account: "111122223333",
    region: "eu-west-1",
    preset: "sandbox",
    topology: "alb-reencrypt",
  });

  assert.equal(config.name, "sealed");
  assert.equal(config.egress, "nat-instance");
  assert.deepEqual(config.clients, ["0.0.0.0/0"]);
  assert.equal(config.preset, presets.sandbox);
});

test("the settings in sealed.config.ts are right as they are shipped", () => {
  assert.doesNotThrow(() => loadConfig(shipped));
});

test("settings win over the preset", () => {
  const config = loadConfig({
    ...production,
    egress: "nat-instance",
    webAcl: false,
    ebsEncryption: "enforce",
  });

  assert.deepEqual([config.egress, config.webAcl, config.ebsEncryption], ["nat-instance", false, "enforce"]);
});

test("one problem is counted as one", () => {
  assert.throws(() => loadConfig({ ...sandbox, account: "1" }), {
    message: 'sealed.config.ts has 1 problem:\n- account must be 12 digits, got "1"',
  });
});

test("the deployment policy is chosen by setting, and otherwise by preset and topology", () => {
  const policyOf = (settings: Partial<DeploymentSettings>) =>
    assemblyOf({ ...sandbox, ...settings }).option("aws:elasticbeanstalk:command", "DeploymentPolicy");

  assert.equal(policyOf({ deploymentPolicy: "TrafficSplitting" }), "TrafficSplitting");
  assert.equal(policyOf({ topology: "single-instance", deploymentPolicy: "Immutable" }), "Immutable");
  assert.equal(
    policyOf({ ...production, deploymentPolicy: "RollingWithAdditionalBatch" }),
    "RollingWithAdditionalBatch",
  );
  assert.equal(policyOf(production), "Immutable");
  assert.equal(policyOf({ topology: "single-instance" }), "AllAtOnce");
});

test("refuses a secret in place of a variable that the deployment sets itself", () => {
  const arn = "arn:aws:ssm:eu-west-1:111122223333:parameter/host";

  assert.throws(() => assemblyOf({ ...sandbox, environmentSecrets: { DB_HOST: { arn } } }), {
    message: 'environmentSecrets must not name what the deployment sets itself, got "DB_HOST"',
  });
});

test("every problem is reported at once", () => {
  assert.throws(
    () => loadConfig({ ...sandbox, account: "1", region: "Ireland", name: "Sealed!", timeToLiveHours: 0 }),
    (error: Error) =>
      error.message.startsWith("sealed.config.ts has 4 problems:") &&
      error.message.split("\n- ").length === 5,
  );
});

/** Each wrong setting, and what the message must say. */
const mistakes: [string, Partial<DeploymentSettings>, RegExp][] = [
  [
    "an unknown topology",
    { topology: "alb" as "alb-reencrypt" },
    /topology must be one of alb-reencrypt, .*, got "alb"/,
  ],
  [
    "a name that RDS refuses",
    { name: "my--app" },
    /name must be 2 to 12 of a-z, 0-9 and single hyphens, starting with a letter, got "my--app"/,
  ],
  [
    "clients from an address that does not exist",
    { clients: ["203.0.113.256/32"] },
    /clients must list IPv4 ranges such as 203.0.113.0\/24, got "203.0.113.256\/32"/,
  ],
  [
    "a domain that is too long for a certificate of ACM",
    { domain: { name: `${"a".repeat(53)}.example.com`, zoneName: "example.com", hostedZoneId: "Z1" } },
    /domain.name must have at most 64 characters, .*got 65/,
  ],
  [
    "an unknown preset",
    { preset: "staging" as "sandbox" },
    /preset must be one of sandbox, production, got "staging"/,
  ],
  [
    "the lesson topology without the flag",
    { topology: "alb-terminate" },
    /sends plain HTTP to the app: set lesson to true or give --lesson/,
  ],
  [
    "a single instance in production",
    { ...production, topology: "single-instance", instanceCertificate: { acmExport: true } },
    /does not fit preset production, allowed: alb-reencrypt, clb-backend-auth, nlb-passthrough$/,
  ],
  [
    "the lesson topology in production",
    { ...production, topology: "alb-terminate", lesson: true },
    /alb-terminate does not fit preset production/,
  ],
  ["production without a domain", { preset: "production" }, /production requires domain/],
  [
    "a domain outside of its zone",
    { domain: { name: "app.example.org", zoneName: "example.com", hostedZoneId: "Z1" } },
    /must be in the zone example.com, got "app.example.org"/,
  ],
  [
    "a CNAME at the top of a zone",
    {
      ...production,
      topology: "clb-backend-auth",
      domain: { name: "example.com", zoneName: "example.com", hostedZoneId: "Z1" },
    },
    /must be below the zone/,
  ],
  [
    "endpoints without the S3 prefix list",
    { egress: "endpoints" },
    /requires s3PrefixListId: aws ec2 describe-managed-prefix-lists --region eu-west-1/,
  ],
  [
    "an egress that does not exist",
    { egress: "proxy" as "endpoints" },
    /egress must be one of nat-instance, nat-gateways, endpoints, got "proxy"/,
  ],
  [
    "a certificate of the app behind a load balancer that ends TLS",
    { instanceCertificate: { secretArn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:tls-a" } },
    /instanceCertificate does not fit topology alb-reencrypt/,
  ],
  [
    "a self-signed certificate for clients in production",
    { ...production, topology: "nlb-passthrough" },
    /requires instanceCertificate/,
  ],
  [
    "a certificate's key by its alias",
    {
      topology: "nlb-passthrough",
      instanceCertificate: {
        secretArn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:tls-a1b2c3",
        keyArn: "alias/mine",
      },
    },
    /instanceCertificate.keyArn must be the ARN of a KMS key, got "alias\/mine"/,
  ],
  [
    "an exported certificate without a domain",
    { topology: "nlb-passthrough", instanceCertificate: { acmExport: true } },
    /acmExport requires domain/,
  ],
  [
    "a serving key that is not trusted",
    { topology: "clb-backend-auth", backendKeys: { trusted: [1, 2], serving: 3 } },
    /serving must be one of the trusted keys \[1, 2\], got 3/,
  ],
  [
    "three trusted keys",
    { topology: "clb-backend-auth", backendKeys: { trusted: [1, 2, 3], serving: 3 } },
    /one key, or two while they change, got \[1, 2, 3\]/,
  ],
  [
    "pinned keys behind another load balancer",
    { backendKeys: { trusted: [1], serving: 1 } },
    /backendKeys fits topology clb-backend-auth only/,
  ],
  [
    "clients that are no range",
    { clients: ["203.0.113.7"] },
    /clients must list IPv4 ranges such as 203.0.113.0\/24, got "203.0.113.7"/,
  ],
  ["nobody as client", { clients: [] }, /clients must list at least one range/],
  [
    "a web ACL where none can stand",
    { topology: "nlb-passthrough", webAcl: true },
    /webAcl fits an application load balancer only/,
  ],
  [
    "a redirect where nothing can redirect",
    { topology: "nlb-passthrough", httpRedirect: true },
    /httpRedirect fits an application load balancer only \(alb-reencrypt, alb-terminate\), got topology nlb-passthrough/,
  ],
  [
    "traffic splitting behind a classic load balancer",
    { topology: "clb-backend-auth", deploymentPolicy: "TrafficSplitting" },
    /deploymentPolicy must be one of AllAtOnce, Rolling, RollingWithAdditionalBatch, Immutable with topology clb-backend-auth, got "TrafficSplitting"/,
  ],
  [
    "a rolling deployment of one instance",
    { topology: "single-instance", deploymentPolicy: "Rolling" },
    /deploymentPolicy must be one of AllAtOnce, Immutable with topology single-instance, got "Rolling"/,
  ],
  [
    "a secret by its name",
    { environmentSecrets: { PARTNER_KEY: { arn: "partner" } } },
    /environmentSecrets.PARTNER_KEY.arn must be the ARN of a secret, .* or of a parameter, got "partner"/,
  ],
  [
    "every secret at once",
    { environmentSecrets: { ALL: { arn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:*" } } },
    /environmentSecrets.ALL.arn must be/,
  ],
  [
    "a variable that no shell can name",
    { environmentSecrets: { "a-b": { arn: "arn:aws:ssm:eu-west-1:111122223333:parameter/a" } } },
    /environmentSecrets must be named like environment variables, got "a-b"/,
  ],
  ["a platform that is no platform", { platformArn: "64bit Amazon Linux 2" }, /platformArn must be the ARN/],
  ["a mail address that is none", { alarmEmail: "me" }, /alarmEmail must be a mail address, got "me"/],
];

for (const [mistake, settings, message] of mistakes) {
  test(`refuses ${mistake}`, () => {
    assert.throws(() => loadConfig({ ...sandbox, ...settings }), { message });
  });
}

for (const [name, settings] of deployments) {
  test(`accepts ${name}`, () => {
    assert.doesNotThrow(() => loadConfig(settings));
  });
}
