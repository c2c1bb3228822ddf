import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { folder, sealedProcess } from "./support/process.ts";

const file = join(folder, "config");
writeFileSync(file, "[profile idle]\nregion = eu-west-1\n");
const withIdle = { AWS_CONFIG_FILE: file };

/** How a profile is named, and what the messages say of where. */
const WAYS = [
  ["--profile", (name: string) => ({ args: ["--profile", name], environment: withIdle }), ""],
  [
    "AWS_PROFILE",
    (name: string) => ({ args: [], environment: { ...withIdle, AWS_PROFILE: name } }),
    " of AWS_PROFILE",
  ],
] as const;

for (const [way, named, where] of WAYS) {
  for (const [command, exitCode] of [
    ["diff", 3],
    ["status", 3],
    ["doctor", 1],
  ] as const) {
    test(`${command}: a profile named by ${way} that does not exist is named with the files that lack it`, async () => {
      const { args, environment } = named("nobody");

      const { exitCode: told, output, errors } = await sealedProcess([command, ...args], { environment });

      const text = errors + output;
      assert.equal(told, exitCode);
      assert.ok(
        text.includes(`there is no profile nobody${where} in ${file} or ${folder}/.aws/credentials`),
        text,
      );
      assert.match(text, /run: aws configure list-profiles/);
      assert.doesNotMatch(text, /sso login|no credentials were found/);
    });

    test(`${command}: a profile named by ${way} without credentials is named with what signs it in`, async () => {
      const { args, environment } = named("idle");

      const { exitCode: told, output, errors } = await sealedProcess([command, ...args], { environment });

      const text = errors + output;
      assert.equal(told, exitCode);
      assert.match(text, /no AWS credentials were found/);
      assert.match(text, /run: aws sso login --profile idle/);
    });
  }
}

test("doctor --local looks at no profile", async () => {
  const { exitCode, output } = await sealedProcess(["doctor", "--local"], {
    environment: { AWS_PROFILE: "nobody" },
  });

  assert.notEqual(exitCode, 1);
  assert.match(output, /not looked at: the AWS account \(--local\)/);
});
