import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { appUnderTest } from "./app-under-test.ts";
import { assertProblem, NOTE, withNote } from "./notes-api-fixtures.ts";

describe("POST /api/notes", () => {
  test("answers 201 with the note, its address and its version as ETag", async () => {
    const { client } = appUnderTest();

    const response = await client
      .post("/api/notes")
      .send({ ...NOTE, title: "  Shopping " })
      .expect(201);

    assert.deepEqual(
      { title: response.body.title, body: response.body.body, version: response.body.version },
      { ...NOTE, version: 1 },
    );
    assert.equal(response.headers.location, `/api/notes/${response.body.id}`);
    assert.equal(response.headers.etag, '"v1"');
    await client.get(response.headers.location ?? "").expect(200, response.body);
  });

  test("takes 120 characters of title and 10,000 of body, counted as a person does", async () => {
    const title = "🧂".repeat(120);
    const body = "é".repeat(10_000);

    const { note } = await withNote({ title, body });

    assert.deepEqual({ title: note.title, body: note.body }, { title, body });
  });

  for (const [what, content, fields] of [
    ["an empty title", { title: "   " }, ["title"]],
    ["a title that is too long", { title: "x".repeat(121) }, ["title"]],
    ["a title of two lines", { title: "one\ntwo" }, ["title"]],
    ["half a surrogate pair", { title: "\ud83e", body: "\ud83e" }, ["title", "body"]],
    ["a body that is too long", { title: "x", body: "x".repeat(10_001) }, ["body"]],
    ["nothing", {}, ["title"]],
    ["wrong types", { title: 7, body: ["x"] }, ["title", "body"]],
    ["a list instead of an object", [], [""]],
  ] as const) {
    test(`answers 422 with a message per field to ${what}`, async () => {
      const { client } = appUnderTest();

      const response = await client
        .post("/api/notes")
        .send(content as object)
        .expect(422);

      assertProblem(response, "WEB_NOTE_INVALID");
      const errors = response.body.errors as { field: string; message: string }[];
      assert.deepEqual(
        errors.map(({ field }) => field),
        fields,
      );
      assert.ok(
        errors.every(({ message }) => /^[A-Z].*\.$/.test(message)),
        JSON.stringify(errors),
      );
    });
  }

  test("answers 400 to malformed JSON", async () => {
    const { client } = appUnderTest();

    const response = await client.post("/api/notes").type("json").send('{"title": ').expect(400);

    assertProblem(response, "WEB_MALFORMED_BODY");
  });

  for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/json-seq", ""]) {
    test(`answers 415 to a body of type "${type}"`, async () => {
      const { client } = appUnderTest();

      const response = await client
        .post("/api/notes")
        .set("Content-Type", type)
        .send('{"title":"x"}')
        .expect(415);

      assertProblem(response, "WEB_MEDIA_TYPE_UNSUPPORTED");
    });
  }

  test("answers 415 to a compressed body and to another character set", async () => {
    const { client } = appUnderTest();

    await client.post("/api/notes").set("Content-Encoding", "gzip").send(NOTE).expect(415);
    await client
      .post("/api/notes")
      .set("Content-Type", "application/json; charset=latin1")
      .send("{}")
      .expect(415);
  });

  test("takes a body of 100 kB and answers 413 to one byte more", async () => {
    const { client } = appUnderTest();
    const json = (bytes: number) => `{"title":"x","other":"${"x".repeat(bytes - 24)}"}`;

    assert.equal(json(102_400).length, 102_400);
    await client.post("/api/notes").type("json").send(json(102_400)).expect(201);
    const response = await client.post("/api/notes").type("json").send(json(102_401)).expect(413);

    assertProblem(response, "WEB_BODY_TOO_LARGE");
  });
});

describe("GET /api/notes", () => {
  test("pages through all notes, newest first, each once", async () => {
    const { client } = appUnderTest();
    for (let i = 1; i <= 23; i++)
      await client
        .post("/api/notes")
        .send({ title: `Note ${i}` })
        .expect(201);

    const first = (await client.get("/api/notes").expect(200)).body;
    const second = (await client.get("/api/notes").query({ after: first.next }).expect(200)).body;

    assert.equal(first.notes.length, 20);
    assert.equal(second.next, null);
    assert.deepEqual(
      [...first.notes, ...second.notes].map(({ title }) => title),
      Array.from({ length: 23 }, (_, index) => `Note ${23 - index}`),
    );
  });

  test("takes a limit from 1 to 100", async () => {
    const { client } = appUnderTest();
    for (let i = 0; i < 3; i++) await client.post("/api/notes").send(NOTE).expect(201);

    const { body } = await client.get("/api/notes?limit=2").expect(200);

    assert.equal(body.notes.length, 2);
    await client.get("/api/notes?limit=100").expect(200);
  });

  for (const query of [
    "limit=0",
    "limit=101",
    "limit=1.5",
    "limit=many",
    "after=x",
    "after=",
    "limit=2&limit=3",
  ]) {
    test(`answers 422 to ?${query}`, async () => {
      const response = await appUnderTest().client.get(`/api/notes?${query}`).expect(422);

      assertProblem(response, "WEB_PAGE_INVALID");
      assert.equal(response.body.errors[0].field, query.split("=")[0]);
    });
  }

  test("refuses a cursor with a time that does not exist", async () => {
    const after = Buffer.from(`2026-02-30 00:00:00.000000 ${randomUUID()}`).toString("base64url");

    await appUnderTest().client.get("/api/notes").query({ after }).expect(422);
  });
});
