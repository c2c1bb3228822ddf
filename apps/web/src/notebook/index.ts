export { notebookApi } from "./api.ts";
export type { NoteStore } from "./note.ts";
export { notebookPages } from "./pages.ts";
export { createNoteStore } from "./store.ts";
