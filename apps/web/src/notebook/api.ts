import type { IRouter, Request, Response } from "express";
import { WebError } from "../errors.ts";
import { sendJson } from "../json-answer.ts";
import { jsonBody } from "../middleware/body.ts";
import { addRoute } from "../routes.ts";
import { writeCursor } from "./cursor.ts";
import type { Note, NoteStore } from "./note.ts";
import { checkContent, noteMissing, readPage } from "./requests.ts";
import { noteChange, noteContent, noteId } from "./schema.ts";
import { etagOf, readPrecondition, versionToChange } from "./versions.ts";

/** Adds `/api/notes`, `/api/notes/{id}` and their description at `/api/openapi.json`. */
export function addNotebookApi(router: IRouter, store: NoteStore): void {
  let document: Promise<unknown> | undefined;
  addRoute(router, "/api/openapi.json", {
    async get(request, response) {
      // Made when it is first asked for: at the start it would take a twentieth of the time to listening.
      document ??= import("./openapi.ts").then(({ openApiDocument }) => openApiDocument());
      sendJson(request, response, await document);
    },
  });
  addRoute(router, "/api/notes", {
    get: (request, response) => list(store, request, response),
    post: [...jsonBody(), (request, response) => create(store, request, response)],
  });
  addRoute(router, "/api/notes/:id", {
    get: (request, response) => read(store, request, response),
    put: [...jsonBody(), (request, response) => change(store, request, response)],
    delete: (request, response) => remove(store, request, response),
  });
}

async function list(store: NoteStore, request: Request, response: Response): Promise<void> {
  const { notes, next } = await store.list(readPage(request.query));
  sendJson(request, response, { notes: notes.map(noteJson), next: next && writeCursor(next) });
}

async function create(store: NoteStore, request: Request, response: Response): Promise<void> {
  const note = await store.create(checkContent(noteContent, request.body));
  response.status(201).location(`/api/notes/${note.id}`);
  sendNote(request, response, note);
}

async function read(store: NoteStore, request: Request, response: Response): Promise<void> {
  const note = await store.find(idOf(request));
  if (note === undefined) throw noteMissing();
  sendNote(request, response, note);
}

async function change(store: NoteStore, request: Request, response: Response): Promise<void> {
  const id = idOf(request);
  const { version: inBody, ...content } = checkContent(noteChange, request.body);
  const inHeader = readPrecondition(request.get("if-match"));
  const result = await store.change(id, versionToChange(inHeader, inBody), content);
  if (result.kind === "missing") throw noteMissing();
  if (result.kind === "conflict") throw changedMeanwhile(inHeader !== undefined, result.current);
  sendNote(request, response, result.note);
}

async function remove(store: NoteStore, request: Request, response: Response): Promise<void> {
  const result = await store.remove(idOf(request), readPrecondition(request.get("if-match")));
  if (result.kind === "missing") throw noteMissing();
  if (result.kind === "conflict") throw changedMeanwhile(true, result.current);
  response.status(204).end();
}

/** 412 where the client set a condition, 409 where it sent a version: never a silent overwrite. */
function changedMeanwhile(byCondition: boolean, current: Note): WebError {
  const message = `The note was changed meanwhile: it now has version ${current.version}. Read it again, then repeat.`;
  const headers = { ETag: etagOf(current.version) };
  return byCondition
    ? new WebError(412, "WEB_PRECONDITION_FAILED", message, { headers })
    : new WebError(409, "WEB_NOTE_CHANGED", message, { headers });
}

function idOf(request: Request): string {
  const id = noteId.safeParse(request.params.id);
  if (!id.success) throw noteMissing();
  return id.data.toLowerCase();
}

function sendNote(request: Request, response: Response, note: Note): void {
  response.setHeader("etag", etagOf(note.version));
  sendJson(request, response, noteJson(note));
}

function noteJson({ id, title, body, version, createdAt, updatedAt }: Note) {
  return { id, title, body, version, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
