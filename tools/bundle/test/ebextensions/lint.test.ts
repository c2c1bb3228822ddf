import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { EBEXTENSIONS_DIRECTORY, readChosenFiles } from "../../src/ebextensions/directory.ts";
import { lint } from "../../src/ebextensions/lint.ts";
import { loadTemplateValidator } from "../../src/ebextensions/template-validator.ts";
import { REPOSITORY } from "../../src/source-bundle/build.ts";
import { chosenFiles, type Mode, TOPOLOGIES, type Topology } from "../../src/topology.ts";
import { badFiles } from "./bad-files.ts";
import { badHops } from "./bad-hops.ts";
import { badResources } from "./bad-resources.ts";
import { edit } from "./fixture.ts";

const MODES: readonly Mode[] = ["standalone", "cdk"];
const badFixtures = [...badFiles, ...badResources, ...badHops];
const validator = loadTemplateValidator();

for (const topology of TOPOLOGIES) {
  for (const mode of MODES) {
    test(`the files for ${topology} (${mode}) have no finding`, () => {
      const files = readChosenFiles(topology, mode);

      assert.deepEqual(lint({ topology, mode, files, validator }), []);
    });
  }
}

for (const { rule, what, topology = "alb-reencrypt", mode = "standalone", says, change } of badFixtures) {
  test(`the rule "${rule}" finds ${what}`, () => {
    const files = change(readChosenFiles(topology, mode));

    const findings = lint({ topology, mode, files, validator });

    assert.ok(
      findings.some((finding) => finding.rule === rule && says.test(finding.message)),
      `found only ${JSON.stringify(findings)}`,
    );
  });
}

test("every file in the folder is used by a topology", () => {
  const used = new Set(
    TOPOLOGIES.flatMap((topology) => MODES.flatMap((mode) => chosenFiles(topology, mode))),
  );

  assert.deepEqual(readdirSync(EBEXTENSIONS_DIRECTORY).sort(), [...used].sort());
});

test("the five files of the Elastic Beanstalk guide are here under their own names", () => {
  const names = ["reencrypt-clb", "reencrypt-alb", "lbsecuritygroup", "backendsecurity", "backendauth"];
  const files = readdirSync(EBEXTENSIONS_DIRECTORY);

  assert.deepEqual(
    names.map((name) => `https-${name}.config`).filter((name) => !files.includes(name)),
    [],
  );
});

test("every rule has a fixture that fails it", () => {
  const rules = [
    "yaml",
    "header",
    "keys",
    "options",
    "environment-variables",
    "overlap-with-cdk",
    "resource-names",
    "references",
    "security-groups",
    "encrypted-hop",
    "times",
    "template",
  ];

  assert.deepEqual([...new Set(badFixtures.map(({ rule }) => rule))].sort(), rules.sort());
});

test("a finding names the file that is to be changed", () => {
  const files = readChosenFiles("single-instance", "standalone").map(({ name, text }) => ({
    name,
    text: text.replace("SystemType: enhanced", "SystemType: better"),
  }));

  const [finding, ...others] = lint({ topology: "single-instance", mode: "standalone", files });

  assert.deepEqual(others, []);
  assert.equal(finding?.file, "plain-environment.config");
  assert.match(finding?.message ?? "", /SystemType must be one of basic, enhanced, got "better"/);
});

test("a function may stand inside of another one", () => {
  const join = '{ "Fn::Join" : ["", ["eu-", { "Ref" : "AWS::Region" }]] }';
  const files = edit(
    "plain-environment",
    '{ "Ref" : "AWS::Region" }',
    join,
  )(readChosenFiles("single-instance", "standalone"));

  assert.deepEqual(lint({ topology: "single-instance", mode: "standalone", files }), []);
});

test("option_settings may also be written as a list", () => {
  const text = `# Written as a list, as the guide shows it too.
# For: single-instance
# Source: https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/ebextensions-optionsettings.html
option_settings:
  - namespace: aws:elasticbeanstalk:healthreporting:system
    option_name: SystemType
    value: none
`;
  const files = [{ name: "own.config", text }];

  const findings = lint({ topology: "single-instance", mode: "standalone", files });

  assert.ok(
    findings.some(({ message }) => message.includes('SystemType must be one of basic, enhanced, got "none"')),
  );
});

test("the reference shows for every file which bundles hold it", () => {
  const page = readFileSync(join(REPOSITORY, "docs/reference/bundle.md"), "utf8");
  const cell = (name: string, topology: Topology) =>
    MODES.filter((mode) => chosenFiles(topology, mode).includes(name))
      .map((mode) => (mode === "cdk" ? "CDK" : "plain"))
      .join(", ");
  const missing = readdirSync(EBEXTENSIONS_DIRECTORY)
    .map((name) => [`\`${name}\``, ...TOPOLOGIES.map((topology) => cell(name, topology))])
    .map((cells) => `| ${cells.join(" | ")} |`.replaceAll("|  |", "| |").replaceAll("|  |", "| |"))
    .filter((row) => !page.includes(row));

  assert.deepEqual(missing, []);
});

test("the reference has a row for each rule", () => {
  const page = readFileSync(join(REPOSITORY, "docs/reference/bundle.md"), "utf8");
  const rules = [...new Set(badFixtures.map(({ rule }) => rule))].filter((rule) => rule !== "template");

  assert.deepEqual(
    rules.filter((rule) => !page.includes(`| \`${rule}\` | `)),
    [],
  );
});
