import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { type DeploymentSettings, loadConfig } from "../lib/config.ts";
import { settingNames } from "../lib/settings-shape.ts";
import { sandbox } from "./support/assemblies.ts";

test("the reference has a row for every setting, and no other", () => {
  const page = readFileSync(new URL("../../docs/reference/deploy.md", import.meta.url), "utf8");
  const [, section = ""] = page.split("## Settings\n");
  const [table = ""] = section.split("\n## ");
  const rows = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);

  assert.deepEqual(rows, settingNames);
});

/** Each setting that Node, which strips types, would have taken, and what the message must say. */
const mistakes: [string, Partial<DeploymentSettings>, RegExp][] = [
  [
    "a setting that does not exist",
    { alarmMail: "me@example.com" } as Partial<DeploymentSettings>,
    /unknown setting "alarmMail", allowed: account, region, .*alarmEmail/,
  ],
  [
    "a flag that is a text",
    { webAcl: "false" as unknown as boolean },
    /webAcl must be true or false, got "false"/,
  ],
  [
    "one range in place of a list",
    { clients: "203.0.113.0/24" as unknown as string[] },
    /clients must be a list, got "203.0.113.0\/24"/,
  ],
  [
    "a domain by its name alone",
    { domain: { name: "app.example.com" } as DeploymentSettings["domain"] & object },
    /domain must be an object with zoneName \(string\), hostedZoneId \(string\), got/,
  ],
  [
    "a certificate from nowhere",
    { topology: "nlb-passthrough", instanceCertificate: {} as { acmExport: true } },
    /instanceCertificate must be either { secretArn: "\.\.\." } or { acmExport: true }, got {}/,
  ],
  [
    "a secret without an object around its ARN",
    { environmentSecrets: { PARTNER_KEY: "arn" as unknown as { arn: string } } },
    /environmentSecrets must be an object such as/,
  ],
  [
    "keys without the one that serves",
    {
      topology: "clb-backend-auth",
      backendKeys: { trusted: [1] } as unknown as { trusted: number[]; serving: number },
    },
    /backendKeys must be an object with serving \(number\)/,
  ],
];

for (const [mistake, settings, message] of mistakes) {
  test(`refuses ${mistake}`, () => {
    assert.throws(() => loadConfig({ ...sandbox, ...settings }), { message });
  });
}
