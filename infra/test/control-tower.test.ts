import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { catalogue } from "../lib/controls/catalogue.ts";

const RULES = join(
  dirname(fileURLToPath(import.meta.resolve("@cdklabs/cdk-validator-cfnguard/package.json"))),
  "rules/control-tower/cfn-guard",
);

/** What each Control Tower rule demands, in the words of the rule itself. */
const titles = new Map(
  readdirSync(RULES, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".guard"))
    .flatMap((file) => [
      ...readFileSync(join(RULES, file), "utf8").matchAll(/\[(CT\.[A-Z0-9]+\.PR\.\d+)\]: (.+)/g),
    ])
    .map(([, id = "", title = ""]) => [id, title] as const),
);

/** Families of rules about kinds of resources that are made here. */
const FAMILIES =
  /^CT\.(ELASTICBEANSTALK|ELASTICLOADBALANCING|AUTOSCALING|EC2|RDS|S3|KMS|IAM|CLOUDWATCH|LAMBDA|WAFV2)\./;

/** What such a family also speaks of, and nothing here makes. */
const NOT_MADE =
  /cluster|Proxy|fleet|dedicated host|transit gateway|asymmetric|customer-managed policies|IAM\) user|layer|CORS|access point|rule group/;

/** Words of a rule, and what the demand that answers it must say. */
const WORDS: readonly [RegExp, RegExp][] = [
  [/connection draining/, /open requests finish/],
  [/cross-zone|multiple Availability Zones/, /zone/i],
  [/predefined security policy/, /TLS 1\.2/],
  [/hop/, /hop limit/],
  [/ELB health checks/, /unhealthy/],
  [/bucket to have event notifications/, /event notifications/],
  [/versioning/, /versions/],
  [/logging/, /log/],
  [/desync/, /desync/],
  [/Certificate Manager/, /ACM/],
  [/IMDSv2/, /version 2/],
  [/Secure Sockets|\(TLS\)/, /TLS/],
  [/deletion protection/, /deletion protection/],
  [/public IP|PublicIp/, /public address/],
  [/detailed monitoring/, /detailed monitoring/],
  [/Nitro/, /Nitro/],
];

test("every Control Tower id of the catalogue exists, and stands at the demand that it makes", () => {
  assert.ok(titles.size > 200);
  for (const { ids, demand } of catalogue) {
    for (const id of ids.filter((candidate) => candidate.startsWith("CT."))) {
      const title = titles.get(id) ?? assert.fail(`${id} is no rule of Control Tower`);
      for (const [words, wanted] of WORDS) {
        if (words.test(title)) assert.match(demand, wanted, `${id} demands: ${title}`);
      }
    }
  }
});

test("every Control Tower rule about what is made here is answered", () => {
  const answered = new Set(catalogue.flatMap(({ ids }) => ids));
  const open = [...titles].filter(
    ([id, title]) => FAMILIES.test(id) && !NOT_MADE.test(title) && !answered.has(id),
  );

  assert.deepEqual(open, []);
});
