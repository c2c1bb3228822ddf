import assert from "node:assert/strict";
import { appUnderTest } from "./app-under-test.ts";

/** A note that the API takes. */
export const NOTE = { title: "Shopping", body: "Bread and salt" };

/** Returns a client of an app that holds one note, the note, and its address in the API. */
export async function withNote(content: object = NOTE) {
  const { client } = appUnderTest();
  const { body: note } = await client.post("/api/notes").send(content).expect(201);
  return { client, note, url: `/api/notes/${note.id}` };
}

/** Asserts everything that a problem answer promises. */
export function assertProblem(
  response: { status: number; body: unknown; headers: Record<string, string> },
  code: string,
) {
  assert.match(response.headers["content-type"] ?? "", /^application\/problem\+json/);
  const { status, code: given, requestId, title, detail, type } = response.body as Record<string, unknown>;
  assert.deepEqual({ status, code: given, type }, { status: response.status, code, type: "about:blank" });
  assert.equal(requestId, response.headers["x-request-id"]);
  assert.ok(typeof title === "string" && title !== "" && typeof detail === "string" && detail !== "");
}
