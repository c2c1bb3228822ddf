import { randomUUID } from "node:crypto";
import { type Database, sql, type Tx } from "@sealed/db";
import { unavailable } from "../database-errors.ts";
import type { ChangeResult, Note, NotePage, NoteStore, Position, RemovalResult } from "./note.ts";
import type { NoteContent } from "./schema.ts";

/** A type, not an interface: only a type has the index signature that `Row` asks for. */
type NoteRow = {
  id: string;
  title: string;
  body: string;
  version: number;
  created: string;
  updated: string;
};

/**
 * Times are read as text: the driver's Date has milliseconds, the keyset needs all six digits. Their
 * names differ from the columns', or ORDER BY would mean the text and sort the whole table.
 */
const COLUMNS = sql`id, title, body, version, CAST(created_at AS CHAR) AS created, CAST(updated_at AS CHAR) AS updated`;

/** Returns the notes of a database. It keeps nothing itself: any number of instances share the rows. */
export function createNoteStore(database: Pick<Database, "execute" | "query" | "transaction">): NoteStore {
  return {
    async list(page) {
      const rows = await database.query<NoteRow>(listStatement(page.limit + 1, page.after));
      return pageOf(rows, page.limit);
    },
    async find(id) {
      const [row] = await database.query<NoteRow>(findStatement(id));
      return row && noteOf(row);
    },
    create: (content) => create(database, content),
    change: (id, version, content) => database.transaction((tx) => change(tx, id, version, content)),
    remove: (id, version) => database.transaction((tx) => remove(tx, id, version)),
  };
}

function listStatement(limit: number, after: Position | undefined) {
  if (after === undefined) {
    return sql`SELECT ${COLUMNS} FROM notes ORDER BY created_at DESC, id DESC LIMIT ${String(limit)}`;
  }
  // The first condition lets the server begin at the right place of the index; a comparison of
  // (created_at, id) pairs alone would make it read from the top.
  return sql`SELECT ${COLUMNS} FROM notes
    WHERE created_at <= ${after.createdAt} AND (created_at < ${after.createdAt} OR id < ${after.id})
    ORDER BY created_at DESC, id DESC LIMIT ${String(limit)}`;
}

function findStatement(id: string) {
  return sql`SELECT ${COLUMNS} FROM notes WHERE id = ${id}`;
}

async function create(database: Pick<Database, "execute" | "query">, content: NoteContent): Promise<Note> {
  const id = randomUUID();
  // The database's clock, not the instance's: with several instances there is one order.
  await database.execute(sql`INSERT INTO notes (id, title, body, created_at, updated_at)
    VALUES (${id}, ${content.title}, ${content.body}, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`);
  const [row] = await database.query<NoteRow>(findStatement(id)).catch(nothingWhileAway);
  // It was created, though between the two statements somebody may have removed it, or the database gone away.
  return row ? noteOf(row) : { id, ...content, version: 1, createdAt: new Date(), updatedAt: new Date() };
}

/** Answered with 503, a note that is written would be written again by whoever takes it for unsaved. */
function nothingWhileAway(error: unknown): NoteRow[] {
  if (unavailable(error) === undefined) throw error;
  return [];
}

async function change(tx: Tx, id: string, version: number, content: NoteContent): Promise<ChangeResult> {
  // The server compares and writes in one step: of two writers with the same version one matches no row.
  const { affectedRows } = await tx.execute(sql`UPDATE notes
    SET title = ${content.title}, body = ${content.body}, version = version + 1, updated_at = UTC_TIMESTAMP(6)
    WHERE id = ${id} AND version = ${version}`);
  const [row] = await tx.query<NoteRow>(findStatement(id));
  if (row === undefined) return { kind: "missing" };
  return affectedRows === 1
    ? { kind: "done", note: noteOf(row) }
    : { kind: "conflict", current: noteOf(row) };
}

async function remove(tx: Tx, id: string, version: number | undefined): Promise<RemovalResult> {
  const statement =
    version === undefined
      ? sql`DELETE FROM notes WHERE id = ${id}`
      : sql`DELETE FROM notes WHERE id = ${id} AND version = ${version}`;
  const { affectedRows } = await tx.execute(statement);
  if (affectedRows === 1) return { kind: "done" };
  const [row] = await tx.query<NoteRow>(findStatement(id));
  return row === undefined ? { kind: "missing" } : { kind: "conflict", current: noteOf(row) };
}

function pageOf(rows: readonly NoteRow[], limit: number): NotePage {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return { notes: shown.map(noteOf), next: hasMore ? { createdAt: last.created, id: last.id } : null };
}

function noteOf(row: NoteRow): Note {
  const { id, title, body, version } = row;
  return { id, title, body, version, createdAt: utc(row.created), updatedAt: utc(row.updated) };
}

function utc(text: string): Date {
  return new Date(`${text.replace(" ", "T")}Z`);
}
