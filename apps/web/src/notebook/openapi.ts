import * as z from "zod";
import { createDocument, type ZodOpenApiPathsObject, type ZodOpenApiResponsesObject } from "zod-openapi";
import { note, noteChange, noteContent, noteId, notePage, pageQuery } from "./schema.ts";

const problem = z
  .object({
    type: z.literal("about:blank"),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().meta({ description: "Branch on this, never on a text.", example: "WEB_NOTE_INVALID" }),
    requestId: z.string().meta({ description: "Id of the request in the app's log." }),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .meta({ description: "One per invalid field." }),
  })
  .meta({ id: "Problem", description: "https://www.rfc-editor.org/rfc/rfc9457" });

const PROBLEMS = {
  400: "The body is not JSON.",
  403: "A page of another site caused this write.",
  404: "There is no such note.",
  409: "The note was changed since the version in the body.",
  412: "The note was changed since the version in If-Match.",
  413: "The body is over 100 kB.",
  415: "The body is not application/json.",
  422: "A field or a query parameter is invalid.",
  428: "Neither If-Match nor `version` was sent.",
  503: "The database cannot be reached; Retry-After says when to try again.",
} as const;

function problems(...statuses: (keyof typeof PROBLEMS)[]): ZodOpenApiResponsesObject {
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      { description: PROBLEMS[status], content: { "application/problem+json": { schema: problem } } },
    ]),
  );
}

const etag = {
  ETag: { description: "Version of the note, for If-Match.", schema: { type: "string" } },
} as const;

function oneNote(description: string) {
  return { description, headers: etag, content: { "application/json": { schema: note } } };
}

const path = z.object({ id: noteId });
const ifMatch = z.string().optional().meta({ description: "ETag of the version that was read." });
const ifNoneMatch = z.string().optional().meta({ description: "ETag of the version that is there already." });

const paths: ZodOpenApiPathsObject = {
  "/api/notes": {
    get: {
      operationId: "listNotes",
      summary: "Notes, newest first",
      requestParams: { query: pageQuery },
      responses: {
        "200": { description: "A page of notes.", content: { "application/json": { schema: notePage } } },
        ...problems(422, 503),
      },
    },
    post: {
      operationId: "createNote",
      summary: "Create a note",
      requestBody: { required: true, content: { "application/json": { schema: noteContent } } },
      responses: {
        "201": {
          ...oneNote("The note as it was stored."),
          headers: { ...etag, Location: { description: "Address of the note.", schema: { type: "string" } } },
        },
        ...problems(400, 403, 413, 415, 422, 503),
      },
    },
  },
  "/api/notes/{id}": {
    get: {
      operationId: "readNote",
      summary: "Read a note",
      requestParams: { path, header: z.object({ "If-None-Match": ifNoneMatch }) },
      responses: {
        "200": oneNote("The note."),
        "304": { description: "The note still has the version in If-None-Match.", headers: etag },
        ...problems(404, 503),
      },
    },
    put: {
      operationId: "changeNote",
      summary: "Change a note that has not changed since it was read",
      requestParams: { path, header: z.object({ "If-Match": ifMatch }) },
      requestBody: { required: true, content: { "application/json": { schema: noteChange } } },
      responses: {
        "200": oneNote("The note as it is now."),
        ...problems(400, 403, 404, 409, 412, 413, 415, 422, 428, 503),
      },
    },
    delete: {
      operationId: "deleteNote",
      summary: "Delete a note",
      requestParams: { path, header: z.object({ "If-Match": ifMatch }) },
      responses: { "204": { description: "The note is gone." }, ...problems(403, 404, 412, 503) },
    },
  },
};

/** Returns the OpenAPI 3.1 description of the JSON API, made from the schemas that check its requests. */
export function openApiDocument() {
  return createDocument({
    openapi: "3.1.1",
    info: {
      title: "Notebook",
      version: "1.0.0",
      description: "Errors are application/problem+json (RFC 9457).",
    },
    paths,
  });
}
