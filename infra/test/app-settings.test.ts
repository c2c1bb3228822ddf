import assert from "node:assert/strict";
import test from "node:test";
import { type Setting, settings } from "@sealed/web/settings";
import { assemblyOf } from "./support/assemblies.ts";
import { deployments } from "./support/deployments.ts";

type Variables = Record<string, unknown>;

/** The conditions under which the app requires a setting, as its own table words them. */
const conditions: Record<string, (variables: Variables) => boolean> = {
  always: () => true,
  "TOPOLOGY is alb-reencrypt, alb-terminate or clb-backend-auth": ({ TOPOLOGY }) =>
    ["alb-reencrypt", "alb-terminate", "clb-backend-auth"].includes(String(TOPOLOGY)),
  "TLS_SOURCE is files": ({ TLS_SOURCE }) => TLS_SOURCE === "files",
  "TLS_SOURCE is secret": ({ TLS_SOURCE }) => TLS_SOURCE === "secret",
  "DB_AUTH is iam": ({ DB_AUTH }) => DB_AUTH === undefined || DB_AUTH === "iam",
  "DB_AUTH is secret": ({ DB_AUTH }) => DB_AUTH === "secret",
};

const known: readonly Setting[] = settings;

function variablesOf(deployment: (typeof deployments)[number][1]): Variables {
  const namespace = "aws:elasticbeanstalk:application:environment";
  const { options } = assemblyOf(deployment);
  return Object.fromEntries(
    options.filter((option) => option.namespace === namespace).map(({ name, value }) => [name, value]),
  );
}

function isRequired({ requiredWhen }: Setting, variables: Variables): boolean {
  if (requiredWhen === undefined) return false;
  const condition = conditions[requiredWhen];
  assert.ok(condition, `the app has a new condition, which this test must learn: "${requiredWhen}"`);
  return condition(variables);
}

for (const [name, deployment] of deployments) {
  test(`${name} sets every setting that the app requires, and none that it does not know`, () => {
    const variables = variablesOf(deployment);

    const missing = known.filter(
      (setting) => isRequired(setting, variables) && variables[setting.name] === undefined,
    );
    const unknown = Object.keys(variables).filter(
      (variable) => !known.some((setting) => setting.name === variable),
    );

    assert.deepEqual([missing.map((setting) => setting.name), unknown], [[], []]);
  });

  test(`${name} sets only values that the app allows`, () => {
    const variables = variablesOf(deployment);

    const wrong = known.filter(({ name: variable, choices, min, max }) => {
      const value = variables[variable];
      if (typeof value !== "string") return false;
      return (
        (choices !== undefined && !choices.includes(value)) ||
        Number(value) < (min ?? 0) ||
        Number(value) > (max ?? Number.MAX_VALUE)
      );
    });

    assert.deepEqual(wrong, []);
  });

  test(`${name} weakens nothing that is not part of its topology or preset`, () => {
    const variables = variablesOf(deployment);

    const weakened = known
      .filter(
        (setting) =>
          setting.weakens !== undefined &&
          variables[setting.name] !== undefined &&
          variables[setting.name] !== setting.default,
      )
      .map((setting) => setting.name);
    const allowed = [
      ...(deployment.preset === "sandbox" ? ["HOPS_PAGE"] : []),
      ...(deployment.topology === "alb-terminate" ? ["UNSEALED_PLAIN_HTTP"] : []),
    ];

    assert.deepEqual(weakened, allowed);
  });
}
