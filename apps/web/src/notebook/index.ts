export { addNotebookApi } from "./api.ts";
export type { NoteStore } from "./note.ts";
export { addNotebookPages } from "./pages.ts";
export { createNoteStore } from "./store.ts";
