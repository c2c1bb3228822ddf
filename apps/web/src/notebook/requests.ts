import type * as z from "zod";
import { type FieldProblem, WebError } from "../errors.ts";
import { readCursor } from "./cursor.ts";
import type { Position } from "./note.ts";
import { pageQuery } from "./schema.ts";

/** Returns the answer to a note that is not there. */
export function noteMissing(): WebError {
  return new WebError(404, "WEB_NOTE_NOT_FOUND", "There is no such note. Somebody may have deleted it.");
}

/**
 * Returns what a schema makes of a request's content.
 *
 * @throws WebError 422 with a message per field.
 */
export function checkContent<S extends z.ZodType>(schema: S, content: unknown): z.output<S> {
  const result = schema.safeParse(content);
  if (result.success) return result.data;
  throw new WebError(422, "WEB_NOTE_INVALID", "The note cannot be saved as it is.", {
    fields: fieldProblems(result.error),
  });
}

/** Returns one message per field: the first, which is the one to fix first. */
export function fieldProblems(error: z.ZodError): FieldProblem[] {
  const problems = new Map<string, string>();
  for (const { path, message } of error.issues) {
    const field = path.join(".");
    if (!problems.has(field)) problems.set(field, message);
  }
  return [...problems].map(([field, message]) => ({ field, message }));
}

/**
 * Returns which page of the list a query asks for.
 *
 * @throws WebError 422 when it asks for none that there can be.
 */
export function readPage(query: unknown): { limit: number; after?: Position | undefined } {
  const result = pageQuery.safeParse(query);
  const after = result.data?.after === undefined ? undefined : readCursor(result.data.after);
  const fields = result.success ? [] : fieldProblems(result.error);
  if (result.data?.after !== undefined && after === undefined) {
    fields.push({ field: "after", message: "Pass `next` of the page before as it is." });
  }
  if (result.success && fields.length === 0) return { limit: result.data.limit, after };
  throw new WebError(422, "WEB_PAGE_INVALID", "There is no such page of notes.", { fields });
}
