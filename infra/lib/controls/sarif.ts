import type { ControlRow } from "./report.ts";

/**
 * Writes the rows as a SARIF log, which code scanning shows: what is met as `pass`, what is left open as `review`.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifLog(rows: readonly ControlRow[]): object {
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "sealed-controls",
            rules: rows.map(({ id, demand, framework }) => ({
              id,
              shortDescription: { text: demand },
              properties: { framework },
            })),
          },
        },
        results: rows.map((row, ruleIndex) => ({
          ruleId: row.id,
          ruleIndex,
          ...(row.status === "met" ? { kind: "pass", level: "none" } : { kind: "review", level: "none" }),
          message: { text: [row.status, ...row.evidence, row.reason].filter(Boolean).join("; ") },
          locations: [{ physicalLocation: { artifactLocation: { uri: "infra/lib/controls/catalogue.ts" } } }],
        })),
      },
    ],
  };
}
