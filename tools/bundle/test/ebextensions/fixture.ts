import assert from "node:assert/strict";
import type { LintInput, SourceFile } from "../../src/ebextensions/lint.ts";

type Files = readonly SourceFile[];

/** A set of files that is right but for one thing, and the rule that must find it. */
export interface BadFixture extends Partial<Pick<LintInput, "topology" | "mode">> {
  rule: string;
  what: string;
  /** What the finding says. */
  says: RegExp;
  change: (files: Files) => Files;
}

/** Replaces text in one file; the text must be there. */
export function edit(name: string, from: string | RegExp, to: string) {
  return (files: Files): Files =>
    files.map((file) => {
      if (file.name !== `${name}.config`) return file;
      const text = file.text.replace(from, to);
      assert.notEqual(text, file.text, `${name} no longer holds ${from}`);
      return { ...file, text };
    });
}

/** Leaves one file out. */
export function without(name: string) {
  return (files: Files): Files => files.filter((file) => file.name !== `${name}.config`);
}

/** Adds text to the end of one file. */
export function append(name: string, text: string) {
  return edit(name, /$/, text);
}

/** The file with the load balancer's group. */
export const GROUPS = "https-lbsecuritygroup";

/** The file with the rules between the groups. */
export const RULES = "https-backendsecurity";
