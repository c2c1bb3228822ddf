import type { IRouter, Request, Response } from "express";
import { mayHaveBeenSaved, unavailable } from "../database-errors.ts";
import { formBody } from "../middleware/body.ts";
import { addRoute } from "../routes.ts";
import type { Render } from "../views.ts";
import type { Note, NoteStore } from "./note.ts";
import { type FormFields, type FormState, formPage, listPage, notePageData } from "./page-data.ts";
import { fieldProblems, noteMissing, readPage } from "./requests.ts";
import { noteContent, noteId } from "./schema.ts";
import { readFormVersion } from "./versions.ts";

/** What the notebook's pages need. */
export interface NotebookPagesDeps {
  store: NoteStore;
  render: Render;
}

type Handler = (deps: NotebookPagesDeps, request: Request, response: Response) => Promise<void>;

/** Adds the notebook as pages: plain forms and links, nothing in them needs a script. */
export function addNotebookPages(router: IRouter, deps: NotebookPagesDeps): void {
  const run = (handler: Handler) => (request: Request, response: Response) =>
    handler(deps, request, response);
  addRoute(router, "/notes", { get: run(showList), post: [...formBody(), run(create)] });
  addRoute(router, "/notes/new", { get: run(showNewForm) });
  addRoute(router, "/notes/:id", { get: run(showNote), post: [...formBody(), run(change)] });
  addRoute(router, "/notes/:id/edit", { get: run(showEditForm) });
  addRoute(router, "/notes/:id/delete", { get: run(confirmRemoval), post: [...formBody(), run(remove)] });
}

async function showList(
  { store, render }: NotebookPagesDeps,
  request: Request,
  response: Response,
): Promise<void> {
  const page = readPage({ after: request.query.after });
  response
    .type("html")
    .send(render("notebook/list", listPage(await store.list(page), page.after !== undefined)));
}

async function showNote(deps: NotebookPagesDeps, request: Request, response: Response): Promise<void> {
  const note = await findNote(deps, request);
  response.type("html").send(deps.render("notebook/show", notePageData(note)));
}

async function showNewForm(deps: NotebookPagesDeps, _request: Request, response: Response): Promise<void> {
  sendForm(deps, response, 200, { fields: { title: "", body: "" } });
}

async function showEditForm(deps: NotebookPagesDeps, request: Request, response: Response): Promise<void> {
  const { id, title, body, version } = await findNote(deps, request);
  sendForm(deps, response, 200, { id, version, fields: { title, body } });
}

async function create(deps: NotebookPagesDeps, request: Request, response: Response): Promise<void> {
  const fields = readFields(request);
  const content = noteContent.safeParse(fields);
  if (!content.success) {
    return sendForm(deps, response, 422, { fields, problems: fieldProblems(content.error) });
  }
  await orFormAgain(deps, response, { fields }, async () => {
    const note = await deps.store.create(content.data);
    response.redirect(303, `/notes/${note.id}`);
  });
}

async function change(deps: NotebookPagesDeps, request: Request, response: Response): Promise<void> {
  const id = idOf(request);
  const fields = readFields(request);
  const version = readVersion(request);
  const content = noteContent.safeParse(fields);
  if (!content.success) {
    return sendForm(deps, response, 422, { id, version, fields, problems: fieldProblems(content.error) });
  }
  await orFormAgain(deps, response, { id, version, fields }, async () => {
    const result = await deps.store.change(id, version, content.data);
    if (result.kind === "missing") throw noteMissing();
    if (result.kind === "done") return response.redirect(303, `/notes/${id}`);
    // The form now carries the version that it shows beside the person's own text, so that saving
    // again overwrites something seen.
    const { current } = result;
    sendForm(deps, response, 409, { id, version: current.version, fields, conflict: current });
  });
}

async function confirmRemoval(deps: NotebookPagesDeps, request: Request, response: Response): Promise<void> {
  const note = await findNote(deps, request);
  response.type("html").send(deps.render("notebook/delete", { ...notePageData(note), changed: false }));
}

async function remove(deps: NotebookPagesDeps, request: Request, response: Response): Promise<void> {
  const result = await deps.store.remove(idOf(request), readVersion(request));
  if (result.kind === "missing") throw noteMissing();
  if (result.kind === "done") return response.redirect(303, "/notes");
  response
    .status(409)
    .type("html")
    .send(deps.render("notebook/delete", { ...notePageData(result.current), changed: true }));
}

/** Shows the form again, with what the person wrote, when the database cannot take it now. */
async function orFormAgain(
  deps: NotebookPagesDeps,
  response: Response,
  state: FormState,
  save: () => Promise<void>,
): Promise<void> {
  try {
    await save();
  } catch (error) {
    const answer = unavailable(error);
    if (answer === undefined) throw error;
    const heading = mayHaveBeenSaved(error)
      ? "The note may or may not be saved"
      : "The note is not saved yet";
    const notice = { heading, text: `${answer.message} Your text is still here.` };
    response.set(answer.headers);
    sendForm(deps, response, answer.status, { ...state, notice });
  }
}

function sendForm({ render }: NotebookPagesDeps, response: Response, status: number, state: FormState): void {
  response
    .status(status)
    .type("html")
    .send(render("notebook/form", formPage(state)));
}

async function findNote({ store }: NotebookPagesDeps, request: Request): Promise<Note> {
  const note = await store.find(idOf(request));
  if (note === undefined) throw noteMissing();
  return note;
}

function idOf(request: Request): string {
  const id = noteId.safeParse(request.params.id);
  if (!id.success) throw noteMissing();
  return id.data.toLowerCase();
}

function readFields(request: Request): FormFields {
  const form = (request.body ?? {}) as Record<string, unknown>;
  const text = (name: string) => (typeof form[name] === "string" ? form[name] : "");
  return { title: text("title"), body: text("body") };
}

function readVersion(request: Request): number {
  return readFormVersion((request.body as Record<string, unknown> | undefined)?.version);
}
