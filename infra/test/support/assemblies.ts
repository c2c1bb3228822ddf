import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { sealedApp } from "../../lib/app.ts";
import { type DeploymentSettings, loadConfig } from "../../lib/config.ts";
import { FunctionBundles } from "../../lib/constructs/function-bundles.ts";
import { Assembly, type Template } from "../../lib/properties/assembly.ts";

// The library's own validator takes seconds a stack; `npm run validate` runs it.
process.env.CDK_VALIDATION = "false";

/** What every test deployment is, unless it says otherwise. */
export const sandbox: DeploymentSettings = {
  account: "111122223333",
  region: "eu-west-1",
  preset: "sandbox",
  topology: "alb-reencrypt",
};

/** A production deployment with a domain. */
export const production: DeploymentSettings = {
  ...sandbox,
  preset: "production",
  domain: { name: "app.example.com", zoneName: "example.com", hostedZoneId: "Z0123456789ABC" },
};

/** A sandbox whose clients see a certificate of one's own, under a key of one's own. */
export const ownCertificate: DeploymentSettings = {
  ...sandbox,
  topology: "nlb-passthrough",
  instanceCertificate: {
    secretArn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:tls-a1b2c3",
    keyArn: "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000002",
  },
};

/** A sandbox whose instances read a secret and a parameter into environment variables. */
export const withSecrets: DeploymentSettings = {
  ...sandbox,
  environmentSecrets: {
    PARTNER_KEY: {
      arn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:partner-a1b2c3:key",
      keyArn: "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000001",
    },
    MAIL_TOKEN: { arn: "arn:aws:ssm:eu-west-1:111122223333:parameter/mail/token" },
  },
};

const directory = mkdtempSync(join(tmpdir(), "sealed-infra-"));
const bundlePath = join(directory, "source-bundle.zip");
writeFileSync(bundlePath, "stands in for the zip file: only its hash matters here");
const functions = new FunctionBundles(join(directory, "functions"));
const templates = new Map<string, Template[]>();
after(() => rmSync(directory, { recursive: true }));

/** Returns the templates of a deployment in the order network, data, web; each synthesised once a process. */
export function templatesOf(settings: DeploymentSettings): Template[] {
  const key = JSON.stringify(settings);
  const made = templates.get(key) ?? synthesise(settings);
  templates.set(key, made);
  return structuredClone(made);
}

/** Returns the resources of a deployment, for a test to keep or to change. */
export function assemblyOf(settings: DeploymentSettings): Assembly {
  return Assembly.of(loadConfig(settings), templatesOf(settings));
}

function synthesise(settings: DeploymentSettings): Template[] {
  const outdir = mkdtempSync(join(directory, "assembly-"));
  const { app, network, data, web } = sealedApp({
    config: loadConfig(settings),
    bundlePath,
    functions,
    outdir,
  });
  const assembly = app.synth();
  return [network, data, web].map(
    ({ artifactId }) => assembly.getStackArtifact(artifactId).template as Template,
  );
}
