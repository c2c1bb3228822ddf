import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";

const main = join(import.meta.dirname, "../src/main.ts");
const folder = mkdtempSync(join(tmpdir(), "bundle-"));
after(() => rmSync(folder, { recursive: true }));

function bundle(...args: string[]) {
  return spawnSync(process.execPath, [main, ...args], { encoding: "utf8" });
}

test("a wrong argument ends with 2 and says what is allowed", () => {
  for (const [args, expected] of [
    [["--topology", "ring"], /must be one of alb-reencrypt, .*, got "ring"/],
    [["--topology", "alb-terminate"], /add --lesson/],
    [["--typology", "alb-reencrypt"], /typology/],
    [["--with", "settings.yaml"], /end in \.config, got "settings\.yaml"/],
    [["--with", "missing.config"], /ENOENT/],
  ] as const) {
    const { status, stdout, stderr } = bundle(...args);

    assert.equal(status, 2, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, expected);
    assert.match(stderr, /usage: npm run bundle/);
  }
});

test("a bundle for a plain environment says what is still to be set, less what a file of one's own sets", () => {
  const own = join(folder, "own.config");
  const out = join(folder, "bundle.zip");
  writeFileSync(
    own,
    "option_settings:\n  aws:elasticbeanstalk:application:environment:\n    DB_NAME: shop\n",
  );

  const args = ["--standalone", "--topology", "single-instance", "--with", own, "--out", out, "--json"];
  const { status, stdout, stderr } = bundle(...args);

  assert.equal(status, 0, stderr);
  const report = JSON.parse(stdout);
  assert.equal(report.bytes, readFileSync(out).length);
  assert.ok(report.paths.includes(".ebextensions/own.config"));
  assert.deepEqual(
    report.toSet.map((setting: string) => setting.split(" ")[1]),
    ["PUBLIC_HOSTS", "DB_HOST", "DB_USER", "IamInstanceProfile", "ServiceRole"],
  );
});

test("a file of one's own may give the classic load balancer an access log, as the reference shows it", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/reference/bundle.md"), "utf8");
  const [, shown = ""] = /```yaml\n(Resources:\n {2}AWSEBLoadBalancer:[^`]+)```/.exec(page) ?? [];
  const own = join(folder, "access-log.config");
  writeFileSync(own, shown);
  const out = join(folder, "classic.zip");

  const args = ["--standalone", "--topology", "clb-backend-auth", "--with", own, "--out", out, "--json"];
  const { status, stdout, stderr } = bundle(...args);

  assert.equal(status, 0, stderr);
  assert.ok(JSON.parse(stdout).paths.includes(".ebextensions/access-log.config"));
});

test("a file of one's own with an option that does not exist ends with 1", () => {
  const own = join(folder, "wrong.config");
  writeFileSync(own, "option_settings:\n  aws:autoscaling:asg:\n    MinimumSize: 1\n");

  const { status, stderr } = bundle("--standalone", "--topology", "single-instance", "--with", own);

  assert.equal(status, 1);
  assert.match(stderr, /wrong\.config: unknown option "MinimumSize" in aws:autoscaling:asg, allowed: /);
});

test("a person is told where the bundle is, for what, and what is left to do", () => {
  const out = join(folder, "text.zip");

  const { stdout } = bundle("--standalone", "--topology", "alb-terminate", "--lesson", "--out", out);

  assert.match(stdout, new RegExp(`^wrote ${out}\n {2}\\d+ files, \\d+ kB, SHA-256 [0-9a-f]{64}\n`));
  assert.match(stdout, /for alb-terminate, in a plain environment/);
  assert.match(stdout, /aws:elbv2:listener:443 SSLCertificateArns/);
});
