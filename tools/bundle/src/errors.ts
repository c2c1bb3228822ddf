/** Reasons a `BundleError` can carry. */
export type BundleErrorCode =
  | "BUNDLE_ARGUMENTS_INVALID"
  | "BUNDLE_EBEXTENSIONS_INVALID"
  | "BUNDLE_CONTENT_REFUSED"
  | "BUNDLE_TOO_LARGE";

/** Every error this workspace throws on purpose. Branch on `code`, never on `message`. */
export class BundleError extends Error {
  override readonly name = "BundleError";
  readonly code: BundleErrorCode;
  readonly problems: readonly string[];

  constructor(code: BundleErrorCode, message: string, problems: readonly string[] = []) {
    super([message, ...problems.map((problem) => `  ${problem}`)].join("\n"));
    this.code = code;
    this.problems = problems;
  }
}
