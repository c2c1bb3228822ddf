import { readFileSync } from "node:fs";

/** One finding of a rule at one resource. */
export interface RuleFinding {
  /** Which set of rules, such as `AwsSolutions`. */
  source: string;
  /** The rule, such as `AwsSolutions-EC23`. */
  rule: string;
  /** Path of the resource in the construct tree. */
  path: string;
  description: string;
}

interface ValidationReport {
  pluginReports?: {
    pluginName: string;
    violations: {
      ruleName: string;
      description: string;
      violatingConstructs?: { constructPath?: string }[];
    }[];
  }[];
}

/** Reads the findings from the report that CDK writes beside the templates; none when it wrote none. */
export function readFindings(file: string): RuleFinding[] {
  const report = JSON.parse(readFileSync(file, "utf8")) as ValidationReport;
  return (report.pluginReports ?? []).flatMap(({ pluginName, violations }) =>
    violations.flatMap(({ ruleName, description, violatingConstructs = [] }) =>
      places(violatingConstructs).map((path) => ({ source: pluginName, rule: ruleName, path, description })),
    ),
  );
}

/** A plugin may add an entry without a place to those that have one; a finding with none at all stays one. */
function places(constructs: readonly { constructPath?: string }[]): string[] {
  const paths = constructs.flatMap(({ constructPath = "" }) => (constructPath === "" ? [] : [constructPath]));
  return paths.length === 0 ? [""] : paths;
}
