import { randomUUID } from "node:crypto";
import type { Note, NoteStore } from "../src/notebook/note.ts";

/** Notes in memory, for tests of what is answered over HTTP; the real store has tests of its own. */
export function memoryStore(): NoteStore {
  const notes: Note[] = [];
  const indexOf = (id: string) => notes.findIndex((note) => note.id === id);
  return {
    async list({ limit, after }) {
      const from = after === undefined ? 0 : indexOf(after.id) + 1;
      const shown = notes.slice(from, from + limit);
      const last = shown.at(-1);
      const hasMore = notes.length > from + limit && last !== undefined;
      return {
        notes: shown,
        next: hasMore ? { createdAt: "2026-11-22 01:02:03.000000", id: last.id } : null,
      };
    },
    async find(id) {
      return notes.find((note) => note.id === id);
    },
    async create(content) {
      const now = new Date("2026-11-22T01:02:03Z");
      const note = { id: randomUUID(), ...content, version: 1, createdAt: now, updatedAt: now };
      notes.unshift(note);
      return note;
    },
    async change(id, version, content) {
      const current = notes[indexOf(id)];
      if (current === undefined) return { kind: "missing" };
      if (current.version !== version) return { kind: "conflict", current };
      const note = {
        ...current,
        ...content,
        version: version + 1,
        updatedAt: new Date("2026-11-22T02:02:03Z"),
      };
      notes[indexOf(id)] = note;
      return { kind: "done", note };
    },
    async remove(id, version) {
      const current = notes[indexOf(id)];
      if (current === undefined) return { kind: "missing" };
      if (version !== undefined && current.version !== version) return { kind: "conflict", current };
      notes.splice(indexOf(id), 1);
      return { kind: "done" };
    },
  };
}
