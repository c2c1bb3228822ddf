import { dateFormat } from "../date-format.ts";
import type { FieldProblem } from "../errors.ts";
import { writeCursor } from "./cursor.ts";
import type { Note, NotePage } from "./note.ts";

/** How much of a note's text the list shows. */
const EXCERPT_CHARACTERS = 160;

/** What a person typed, as it was. */
export interface FormFields {
  title: string;
  body: string;
}

/** What a form shows. */
export interface FormState {
  /** Absent for a new note. */
  id?: string;
  version?: number;
  fields: FormFields;
  problems?: readonly FieldProblem[];
  /** The note as somebody else saved it meanwhile. */
  conflict?: Note;
  /** Why nothing was saved, when it is no fault of the fields. */
  notice?: { heading: string; text: string };
}

const timeText = dateFormat({
  dateStyle: "medium",
  timeStyle: "short",
  timeZone: "UTC",
});

/** Returns what `notebook/list` shows. */
export function listPage(page: NotePage, isLaterPage: boolean) {
  return {
    title: "Notes",
    active: "notes",
    isLaterPage,
    notes: page.notes.map((note) => ({
      url: `/notes/${note.id}`,
      title: note.title,
      excerpt: excerptOf(note.body),
      created: timeOf(note.createdAt),
    })),
    nextUrl: page.next && `/notes?after=${writeCursor(page.next)}`,
  };
}

/** Returns what the pages of one note show. */
export function notePageData(note: Note) {
  const isChanged = note.updatedAt.getTime() !== note.createdAt.getTime();
  return {
    title: note.title,
    active: "notes",
    note: {
      title: note.title,
      body: note.body,
      version: note.version,
      url: `/notes/${note.id}`,
      created: timeOf(note.createdAt),
      updated: isChanged ? timeOf(note.updatedAt) : null,
    },
  };
}

/** Returns what `notebook/form` shows. */
export function formPage(state: FormState) {
  const problems = state.problems ?? [];
  const heading = state.id === undefined ? "New note" : "Edit note";
  const failed = problems.length > 0 || state.conflict !== undefined || state.notice !== undefined;
  return {
    title: failed ? `Not saved: ${heading}` : heading,
    active: "notes",
    heading,
    action: state.id === undefined ? "/notes" : `/notes/${state.id}`,
    cancelUrl: state.id === undefined ? "/notes" : `/notes/${state.id}`,
    version: state.version ?? null,
    fields: state.fields,
    problems,
    problemOf: (field: string) => problems.find((problem) => problem.field === field)?.message,
    conflict: state.conflict
      ? { ...notePageData(state.conflict).note, saved: timeOf(state.conflict.updatedAt) }
      : null,
    notice: state.notice ?? null,
  };
}

function excerptOf(body: string): string {
  const characters = [...body.slice(0, EXCERPT_CHARACTERS * 2)];
  if (characters.length <= EXCERPT_CHARACTERS) return body;
  return `${characters.slice(0, EXCERPT_CHARACTERS).join("").trimEnd()}…`;
}

function timeOf(date: Date) {
  return { iso: date.toISOString(), text: `${timeText(date)} UTC` };
}
