import type { NoteContent } from "./schema.ts";

/** One note. */
export interface Note {
  id: string;
  title: string;
  body: string;
  /** Goes up with each change, from 1. */
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

/** A place in the list: the note at the end of a page. */
export interface Position {
  /** UTC with microseconds, as the database writes it: a `Date` would lose three digits. */
  createdAt: string;
  id: string;
}

/** Notes newest first, and the place where the next page begins after; `null` on the last page. */
export interface NotePage {
  notes: Note[];
  next: Position | null;
}

/** What became of a change: the note as it is now, or the version that somebody else wrote, or nothing. */
export type ChangeResult =
  | { kind: "done"; note: Note }
  | { kind: "conflict"; current: Note }
  | { kind: "missing" };

/** What became of a removal. */
export type RemovalResult = { kind: "done" } | { kind: "conflict"; current: Note } | { kind: "missing" };

/** Where notes are kept. Everything rejects with `DbError` while the database cannot be reached. */
export interface NoteStore {
  list(page: { limit: number; after?: Position | undefined }): Promise<NotePage>;
  find(id: string): Promise<Note | undefined>;
  create(content: NoteContent): Promise<Note>;
  /** Changes a note only while it still has this version. */
  change(id: string, version: number, content: NoteContent): Promise<ChangeResult>;
  /** Removes a note, with a version only while it still has it. */
  remove(id: string, version?: number): Promise<RemovalResult>;
}
