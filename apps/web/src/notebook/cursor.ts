import type { Position } from "./note.ts";

const POSITION =
  /^(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{6}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Returns a place in the list as text for an address. Programs must take it as it is. */
export function writeCursor(position: Position): string {
  return Buffer.from(`${position.createdAt} ${position.id}`).toString("base64url");
}

/** Returns the place that a cursor stands for, or `undefined` when it is none of ours. */
export function readCursor(cursor: string): Position | undefined {
  const [, createdAt, id] = POSITION.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  return createdAt !== undefined && id !== undefined && isTime(createdAt) ? { createdAt, id } : undefined;
}

/** A day such as 30 February is refused here: the database would answer it with an error of its own. */
function isTime(text: string): boolean {
  const iso = `${text.slice(0, 23).replace(" ", "T")}Z`;
  return !Number.isNaN(Date.parse(iso)) && new Date(iso).toISOString() === iso;
}
