/** The one note that every server in this folder answers with: some 250 bytes of JSON. */
export const NOTE = {
  id: "0198f3a2-7c1e-7d5b-9a44-3f6f2f1f0b11",
  title: "Certificates renewed",
  body: "All three hops were looked at this morning; each was encrypted, and the one that can be checked was.",
  version: 1,
  createdAt: new Date("2026-01-02T03:04:05.678Z"),
  updatedAt: new Date("2026-01-02T03:04:05.678Z"),
};

/** Where the note is found. */
export const NOTE_PATH = `/api/notes/${NOTE.id}`;

/** The host that requests name. */
export const HOST = "bench.test";
