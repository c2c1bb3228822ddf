import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { appUnderTest, failingStore } from "./app-under-test.ts";

const NOTE = { title: "Shopping", body: "Bread and salt" };

async function withNote(content: object = NOTE) {
  const { client } = appUnderTest();
  const { body: note } = await client.post("/api/notes").send(content).expect(201);
  return { client, note, url: `/api/notes/${note.id}` };
}

/** Asserts everything that a problem answer promises. */
function assertProblem(
  response: { status: number; body: unknown; headers: Record<string, string> },
  code: string,
) {
  assert.match(response.headers["content-type"] ?? "", /^application\/problem\+json/);
  const { status, code: given, requestId, title, detail, type } = response.body as Record<string, unknown>;
  assert.deepEqual({ status, code: given, type }, { status: response.status, code, type: "about:blank" });
  assert.equal(requestId, response.headers["x-request-id"]);
  assert.ok(typeof title === "string" && title !== "" && typeof detail === "string" && detail !== "");
}

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

describe("one note of the API", () => {
  for (const id of [randomUUID(), "1", "new", "..%2f..", "%00"]) {
    test(`answers 404 to the unknown id ${id === "1" ? id : id.slice(0, 8)}`, async () => {
      const { client } = appUnderTest();

      assertProblem(await client.get(`/api/notes/${id}`).expect(404), "WEB_NOTE_NOT_FOUND");
      await client
        .put(`/api/notes/${id}`)
        .send({ ...NOTE, version: 1 })
        .expect(404);
      await client.delete(`/api/notes/${id}`).expect(404);
    });
  }

  test("answers 304 to whoever has the version already", async () => {
    const { client, url } = await withNote();

    await client.get(url).set("If-None-Match", '"v1"').expect(304);
    await client.get(url).set("If-None-Match", '"v2"').expect(200);
  });

  test("changes a note whose version matches, by If-Match or by the body", async () => {
    const { client, url } = await withNote();

    const second = await client.put(url).set("If-Match", '"v1"').send({ title: "B" }).expect(200);
    const third = await client.put(url).send({ title: "C", body: "c", version: 2 }).expect(200);

    assert.deepEqual([second.body.version, second.body.body, second.headers.etag], [2, "", '"v2"']);
    assert.deepEqual([third.body.version, third.body.title, third.headers.etag], [3, "C", '"v3"']);
  });

  test("takes back the whole note as it was read", async () => {
    const { client, note, url } = await withNote();

    const { body } = await client
      .put(url)
      .send({ ...note, title: "Changed" })
      .expect(200);

    assert.deepEqual([body.id, body.title, body.createdAt], [note.id, "Changed", note.createdAt]);
  });

  test("answers 412 to an If-Match of another version, and changes nothing", async () => {
    const { client, note, url } = await withNote();
    await client.put(url).send({ title: "Theirs", version: 1 }).expect(200);

    for (const tag of ['"v1"', 'W/"v2"', '"v2", "v3"', '"other"', "v2"]) {
      const response = await client.put(url).set("If-Match", tag).send({ title: "Mine" }).expect(412);
      assertProblem(response, "WEB_PRECONDITION_FAILED");
      assert.equal(response.headers.etag, '"v2"');
    }
    await client.delete(url).set("If-Match", '"v1"').expect(412);
    const { body } = await client.get(url).expect(200);
    assert.deepEqual([body.title, body.id], ["Theirs", note.id]);
  });

  test("answers 409 to a version in the body that is not the current one, and changes nothing", async () => {
    const { client, url } = await withNote();
    await client.put(url).send({ title: "Theirs", version: 1 }).expect(200);

    const response = await client.put(url).send({ title: "Mine", version: 1 }).expect(409);

    assertProblem(response, "WEB_NOTE_CHANGED");
    assert.equal((await client.get(url)).body.title, "Theirs");
  });

  test("answers 412 when If-Match and body name different versions", async () => {
    const { client, url } = await withNote();

    await client.put(url).set("If-Match", '"v1"').send({ title: "Mine", version: 2 }).expect(412);
  });

  test("answers 428 to a change that does not say what was read", async () => {
    const { client, url } = await withNote();

    assertProblem(await client.put(url).send({ title: "Mine" }).expect(428), "WEB_PRECONDITION_REQUIRED");
    await client.put(url).set("If-Match", "*").send({ title: "Mine" }).expect(428);
  });

  test("deletes with 204, and a second time with 404", async () => {
    const { client, url } = await withNote();

    await client.delete(url).set("If-Match", '"v1"').expect(204, "");
    await client.delete(url).expect(404);
  });
});

test("answers 405 with Allow to a wrong method", async () => {
  const { client } = appUnderTest();

  for (const [method, path, allow] of [
    ["put", "/api/notes", "GET, HEAD, POST"],
    ["delete", "/api/notes", "GET, HEAD, POST"],
    ["post", `/api/notes/${randomUUID()}`, "GET, HEAD, PUT, DELETE"],
    ["options", "/api/notes", "GET, HEAD, POST"],
    ["post", "/api/openapi.json", "GET, HEAD"],
  ] as const) {
    const response = await client[method](path).expect(405);
    assert.equal(response.headers.allow, allow);
    assertProblem(response, "WEB_METHOD_NOT_ALLOWED");
  }
});

test("answers 404 as a problem to an address of the API that there is not", async () => {
  assertProblem(await appUnderTest().client.get("/api/nothing").expect(404), "WEB_RESOURCE_NOT_FOUND");
});

test("answers 503 with Retry-After and the database's code while it cannot be reached", async () => {
  const { client } = appUnderTest({ store: failingStore("DB_CONNECTION_REFUSED") });

  for (const sent of [
    client.get("/api/notes"),
    client.post("/api/notes").send(NOTE),
    client.get(`/api/notes/${randomUUID()}`),
    client.put(`/api/notes/${randomUUID()}`).send({ ...NOTE, version: 1 }),
    client.delete(`/api/notes/${randomUUID()}`),
  ]) {
    const response = await sent.expect(503);
    assertProblem(response, "DB_CONNECTION_REFUSED");
    assert.equal(response.headers["retry-after"], "5");
    assert.doesNotMatch(response.text, /db\.internal/);
  }
});
