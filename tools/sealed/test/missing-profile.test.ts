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

for (const [way, args, environment, name] of [
  ["--profile", ["--profile", "ops"], {}, "ops"],
  ["AWS_PROFILE", [], { AWS_PROFILE: "ops" }, "ops"],
  ["nobody", [], {}, "default"],
] as const) {
  test(`a profile named by ${way} that asks for a one-time code is told with what can ask for it`, async () => {
    const withCode = join(folder, `one-time-code-${name}`);
    const section = name === "default" ? "default" : `profile ${name}`;
    const role = "role_arn = arn:aws:iam::111122223333:role/ops\nsource_profile = keys";
    writeFileSync(
      withCode,
      `[${section}]\n${role}\nmfa_serial = arn:aws:iam::111122223333:mfa/me\n` +
        "[profile keys]\naws_access_key_id = made-up\naws_secret_access_key = made-up\n",
    );

    const { exitCode, errors } = await sealedProcess(["status", ...args], {
      environment: { AWS_CONFIG_FILE: withCode, ...environment },
    });

    assert.equal(exitCode, 3);
    assert.match(
      errors,
      new RegExp(`profile ${name} asks for a one-time code, .* and repeat without --profile`),
    );
    assert.ok(
      errors.includes(
        `  run: eval "$(aws configure export-credentials --profile ${name} --format env)"\n  run: unset AWS_PROFILE\n`,
      ),
      errors,
    );
    assert.doesNotMatch(errors, /sso login|configure sso/);
  });
}
