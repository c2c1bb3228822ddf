import type { ConfigSet, Finding } from "../config-set.ts";
import { mergedTemplate } from "../merged-template.ts";
import type { TemplateValidator } from "../template-validator.ts";

/** What Beanstalk creates, with the files merged in, is a template that CloudFormation takes. */
export function validTemplate(set: ConfigSet, validator: TemplateValidator): Finding[] {
  const own = new Map(
    set.files.flatMap(({ name, resources }) => Object.keys(resources).map((id) => [id, name])),
  );
  return validator.validate(`${set.topology} ${set.mode}`, mergedTemplate(set)).map((diagnostic) => ({
    rule: "template",
    file: own.get(diagnostic.entity?.logicalId ?? "") ?? "several files",
    message: `${diagnostic.ruleId} ${diagnostic.message}`,
  }));
}
