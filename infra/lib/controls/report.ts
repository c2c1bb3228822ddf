import { properties } from "../properties/index.ts";
import { acknowledgements } from "./acknowledgements.ts";
import { type Control, type ControlStatus, frameworkOf } from "./control.ts";

/** One id with its answer. */
export interface ControlRow {
  id: string;
  framework: string;
  demand: string;
  status: ControlStatus;
  /** What shows it, as sentences. */
  evidence: string[];
  reason: string | undefined;
}

const titles = new Map(properties.map(({ id, title }) => [id, title]));

/** Returns one row for each id, sorted by framework and id. */
export function controlRows(controls: readonly Control[]): ControlRow[] {
  return controls
    .flatMap(({ ids, demand, status, by = [], reason }) =>
      ids.map((id) => ({
        id,
        framework: frameworkOf(id),
        demand,
        status,
        evidence: by.map((property) => `${property}: ${titles.get(property)}`),
        reason,
      })),
    )
    .sort(
      (a, b) => a.framework.localeCompare(b.framework) || a.id.localeCompare(b.id, "en", { numeric: true }),
    );
}

/** Counts the rows by status. */
export function statusCounts(rows: readonly ControlRow[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of rows) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** Writes the page for the reference: one row for each demand, and the findings that are left as they are. */
export function controlsPage(controls: readonly Control[]): string {
  const counts = Object.entries(statusCounts(controlRows(controls))).map(
    ([status, count]) => `${count} ${status}`,
  );
  const rows = controls.map(
    ({ ids, demand, status, by = [], reason }) =>
      `| ${ids.join(", ")} | ${cell(demand)} | ${status} | ${[...by.map((id) => `\`${id}\``), ...(reason === undefined ? [] : [cell(reason)])].join("; ")} |`,
  );
  const left = acknowledgements.map(
    ({ rule, where, reason }) =>
      `| \`${cell(pattern(rule))}\` | \`${cell(pattern(where))}\` | ${cell(reason)} |`,
  );
  const shown = properties.map(({ id, title }) => `| \`${id}\` | ${cell(title)} |`);
  return `# Controls

Written by \`npm run controls\`; do not edit. A test compares it with the code.

Each demand of the frameworks that concerns what the infrastructure makes, and how it is answered:
${counts.join(", ")} ids. *met* is shown by the properties that are named, on every synth and for every topology
they are about. *account* belongs to the AWS account as a whole. *bundle* is set by a file of \`.ebextensions\`.

| ids | demand | status | shown by, or why not |
|---|---|---|---|
${rows.join("\n")}

## Findings of rules that are left as they are

\`npm run validate\` runs cdk-nag (AwsSolutions, NIST 800-53 R5), the Control Tower rules and CloudFormation's own
validation. A finding that is not in this list fails it, and so does an entry that no finding calls for.

| rule | where | why |
|---|---|---|
${left.join("\n")}

## Properties

Each is checked on every topology and preset, and has a deployment made wrong on purpose that it must notice.

| property | what holds |
|---|---|
${shown.join("\n")}
`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function pattern(value: string | RegExp): string {
  return typeof value === "string" ? value : value.source;
}
