import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { note, notePage } from "../src/notebook/schema.ts";
import { appUnderTest } from "./app-under-test.ts";

const METHODS = ["get", "post", "put", "patch", "delete"] as const;

interface Operation {
  operationId: string;
  responses: Record<string, unknown>;
}

async function describedPaths() {
  const { client } = appUnderTest();
  const { body, headers } = await client.get("/api/openapi.json").expect(200);
  assert.match(headers["content-type"] ?? "", /^application\/json/);
  assert.match(body.openapi, /^3\.1\./);
  return {
    client,
    paths: body.paths as Record<string, Partial<Record<string, Operation>>>,
    schemas: body.components.schemas,
  };
}

test("GET /api/openapi.json describes every method that the API answers, and no other", async () => {
  const { client, paths } = await describedPaths();
  assert.deepEqual(Object.keys(paths), ["/api/notes", "/api/notes/{id}"]);

  for (const [path, operations] of Object.entries(paths)) {
    for (const method of METHODS) {
      const { status } = await client[method](path.replace("{id}", randomUUID()));
      assert.equal(status === 405, operations[method] === undefined, `${method} ${path}`);
      if (status !== 405)
        assert.ok(operations[method]?.responses[String(status)], `${method} ${path} answered ${status}`);
    }
  }
});

test("describes the limits that the schemas check", async () => {
  const { schemas } = await describedPaths();

  assert.equal(schemas.NoteContent.properties.title.maxLength, 120);
  assert.equal(schemas.NoteContent.properties.body.maxLength, 10_000);
  assert.deepEqual(schemas.NoteContent.required, ["title"]);
});

test("describes what is really answered", async () => {
  const { client, paths } = await describedPaths();

  const created = await client.post("/api/notes").send({ title: "x" }).expect(201);
  const list = await client.get("/api/notes").expect(200);

  assert.deepEqual(note.strict().parse(created.body), created.body);
  assert.deepEqual(notePage.strict().parse(list.body), list.body);
  const url = `/api/notes/${created.body.id}`;
  const unchanged = await client
    .get(url)
    .set("If-None-Match", created.headers.etag ?? "")
    .expect(304);
  const described = paths["/api/notes/{id}"]?.get?.responses["304"] as { headers: object } | undefined;
  assert.deepEqual(Object.keys(described?.headers ?? {}), ["ETag"]);
  assert.equal(unchanged.headers.etag, created.headers.etag);
});
