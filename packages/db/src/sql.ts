/** Values that can be bound to a placeholder. `undefined` is refused: write `null` for SQL NULL. */
export type SqlValue = string | number | bigint | boolean | Date | Uint8Array | null;

/** A statement whose values travel apart from its text. Made by the `sql` tag only. */
export interface Sql {
  /** Statement with `?` for each value: the text the server prepares. */
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** Carries the mark that no other object can have. */
class Statement implements Sql {
  readonly text: string;
  readonly values: readonly SqlValue[];
  readonly #isBuiltHere = true;

  constructor(text: string, values: readonly SqlValue[]) {
    this.text = text;
    this.values = values;
  }

  static is(value: object): value is Statement {
    return #isBuiltHere in value;
  }
}

/**
 * Builds a prepared statement: each `${value}` becomes a placeholder, each `${sql`...`}` is joined in.
 *
 * @example
 * database.query(sql`SELECT title FROM notes WHERE id = ${id}`);
 * @throws TypeError for `undefined`, functions, symbols, plain objects, arrays and numbers that are not finite.
 */
export function sql(strings: TemplateStringsArray, ...parts: (SqlValue | Sql)[]): Sql {
  let text = strings[0] ?? "";
  const values: SqlValue[] = [];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as SqlValue | Sql;
    if (isSql(part)) {
      text += part.text;
      values.push(...part.values);
    } else {
      text += "?";
      values.push(bindable(part, i));
    }
    text += strings[i + 1];
  }
  return new Statement(text, values);
}

/** Tells whether `value` was made by the `sql` tag; an object of the same shape was not. */
export function isSql(value: unknown): value is Sql {
  return typeof value === "object" && value !== null && Statement.is(value);
}

function bindable(value: SqlValue, index: number): SqlValue {
  if (value === null) return value;
  switch (typeof value) {
    case "string":
    case "bigint":
    case "boolean":
      return value;
    case "number":
      if (Number.isFinite(value)) return value;
      break;
    case "object":
      if (value instanceof Date && !Number.isNaN(value.getTime())) return value;
      // The driver sends a Buffer as bytes and any other typed array as JSON.
      if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      break;
    default:
  }
  throw new TypeError(
    `value ${index + 1} of the statement is of a kind that cannot be bound (${kindOf(value)}); ` +
      "allowed are strings, finite numbers, bigints, booleans, valid dates, bytes and null",
  );
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (value instanceof Date) return "invalid date";
  return typeof value === "number" ? String(value) : typeof value;
}
