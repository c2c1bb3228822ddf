import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { appUnderTest, failingStore } from "./app-under-test.ts";
import { assertProblem, NOTE } from "./notes-api-fixtures.ts";

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
