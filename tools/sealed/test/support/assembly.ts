import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Template } from "../../src/deployment/assembly.ts";
import { ACCOUNT, REGION, type Templates, type World } from "./world.ts";

/** Name of the environment in `webTemplate`. */
export const ENVIRONMENT = "sealed-sandbox-alb-reencrypt";

/** A stack with an Elastic Beanstalk environment. */
export const webTemplate: Template = {
  Resources: {
    EnvironmentBeanstalk00000001: {
      Type: "AWS::ElasticBeanstalk::Environment",
      Properties: { EnvironmentName: ENVIRONMENT },
    },
  },
};

/** A stack with a custom resource, as the CDK's provider framework makes it. */
export const dataTemplate: Template = {
  Resources: {
    Prepared00000002: {
      Type: "Custom::PrepareDatabase",
      Properties: { ServiceToken: { "Fn::GetAtt": ["Framework", "Arn"] } },
    },
    Framework: {
      Type: "AWS::Lambda::Function",
      Properties: {
        Environment: { Variables: { USER_ON_EVENT_FUNCTION_ARN: { "Fn::GetAtt": ["Prepare", "Arn"] } } },
        LoggingConfig: { LogGroup: { Ref: "FrameworkLog" } },
      },
    },
    Prepare: {
      Type: "AWS::Lambda::Function",
      Properties: { LoggingConfig: { LogGroup: { Ref: "PrepareLog" } } },
    },
  },
};

/** Writes what a synth of the app would have written. */
export function writeAssembly(directory: string, world: World): void {
  const preset = world.settings?.preset ?? "sandbox";
  mkdirSync(directory, { recursive: true });
  const artifacts: Record<string, object> = {};
  const defaults: Templates = { network: { Resources: {} }, data: dataTemplate, web: webTemplate };
  for (const [stack, template] of Object.entries({ ...defaults, ...world.templates })) {
    const name = `sealed-${preset}-${stack}`;
    artifacts[name] = {
      type: "aws:cloudformation:stack",
      environment: `aws://${ACCOUNT}/${REGION}`,
      properties: {
        templateFile: `${name}.template.json`,
        requiresBootstrapStackVersion: world.bootstrapVersion ?? 6,
      },
    };
    writeFileSync(join(directory, `${name}.template.json`), JSON.stringify(template));
  }
  writeFileSync(join(directory, "manifest.json"), JSON.stringify({ version: "36.0.0", artifacts }));
}
