/** Codes of the app's own answers; the database adds `DB_*` codes to 503 answers. */
export type WebErrorCode =
  | "WEB_BODY_TOO_LARGE"
  | "WEB_CROSS_SITE_WRITE"
  | "WEB_HOST_UNKNOWN"
  | "WEB_INTERNAL"
  | "WEB_MALFORMED_BODY"
  | "WEB_MALFORMED_REQUEST"
  | "WEB_MEDIA_TYPE_UNSUPPORTED"
  | "WEB_METHOD_NOT_ALLOWED"
  | "WEB_NOTE_CHANGED"
  | "WEB_NOTE_INVALID"
  | "WEB_NOTE_NOT_FOUND"
  | "WEB_PAGE_INVALID"
  | "WEB_PRECONDITION_FAILED"
  | "WEB_PRECONDITION_REQUIRED"
  | "WEB_RESOURCE_NOT_FOUND";

/** One invalid field and what is allowed, written for the person who filled it. */
export interface FieldProblem {
  field: string;
  message: string;
}

/** What an error answer carries beside its status, code and message. */
export interface WebErrorDetails {
  headers?: Readonly<Record<string, string>>;
  fields?: readonly FieldProblem[];
  cause?: unknown;
}

/** A request that gets an error answer. `message` is shown to the client: never internals, never a secret. */
export class WebError extends Error {
  override readonly name = "WebError";
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fields: readonly FieldProblem[];

  constructor(
    status: number,
    code: WebErrorCode | `DB_${string}`,
    message: string,
    details: WebErrorDetails = {},
  ) {
    super(message, { cause: details.cause });
    this.status = status;
    this.code = code;
    this.headers = details.headers ?? {};
    this.fields = details.fields ?? [];
  }
}

/** All that is wrong with the settings, each line beginning with the setting's name. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly code = "WEB_SETTINGS_INVALID";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `${problems.length} setting(s) missing or wrong:\n${problems.map((line) => `  ${line}`).join("\n")}`,
    );
    this.problems = problems;
  }
}
