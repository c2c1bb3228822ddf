import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { appUnderTest } from "./app-under-test.ts";
import { assertProblem, NOTE, withNote } from "./notes-api-fixtures.ts";

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
