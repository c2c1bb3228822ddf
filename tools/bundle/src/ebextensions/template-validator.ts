import { createRequire } from "node:module";

/** One finding of the validator. */
interface Diagnostic {
  ruleId: string;
  severity: "DEBUG" | "INFO" | "WARN" | "ERROR" | "FATAL";
  message: string;
  /** The part of the template that it is about. */
  entity?: { logicalId: string };
}

const REMARKS: ReadonlySet<string> = new Set(["DEBUG", "INFO"]);

interface ValidatorModule {
  CompositeEngine: new () => {
    validateTemplate(template: object): { diagnostics: Diagnostic[] };
  };
  TemplateContent: new (content: string, name: string) => object;
}

/** Validates CloudFormation templates by the resource schemas and rules that CDK carries. */
export interface TemplateValidator {
  /** Returns errors and warnings; remarks, such as what an update would replace, are left out. */
  validate(name: string, template: object): Diagnostic[];
}

/**
 * Loads the validator that aws-cdk-lib bundles for its own synthesis; about 4 s, so load it once.
 *
 * @see https://github.com/aws-cloudformation/cloudformation-validate
 */
export function loadTemplateValidator(): TemplateValidator {
  // It is bundled inside of aws-cdk-lib and can only be found from there.
  const fromCdk = createRequire(import.meta.resolve("aws-cdk-lib/package.json"));
  const { CompositeEngine, TemplateContent } = fromCdk("@aws/cloudformation-validate") as ValidatorModule;
  const engine = new CompositeEngine();
  return {
    validate: (name, template) =>
      engine
        .validateTemplate(new TemplateContent(JSON.stringify(template), name))
        .diagnostics.filter(({ severity }) => !REMARKS.has(severity)),
  };
}
