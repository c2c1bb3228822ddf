import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import express from "express";
import request from "supertest";
import { createLog } from "../src/log.ts";
import { errorAnswers } from "../src/middleware/errors.ts";
import { appUnderTest, failingStore } from "./app-under-test.ts";

/** What the error answers need, and what they log. */
function logAndPages() {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const log = createLog({ level: "debug", instance: "test", destination });
  return { log, render: () => "page", logged: () => lines.join("") };
}

describe("pages for errors", () => {
  test("stand in the layout, with the code and the request's id", async () => {
    const { client } = appUnderTest();

    const response = await client.get("/nothing-here").set("Accept", "text/html").expect(404);

    assert.match(response.headers["content-type"] ?? "", /^text\/html/);
    assert.match(response.text, /<main id="main"[\s\S]*WEB_RESOURCE_NOT_FOUND/);
    assert.ok(response.text.includes(response.headers["x-request-id"] ?? "?"));
  });

  test("are problems for a program that asks for JSON", async () => {
    const { client } = appUnderTest();

    await client
      .get("/notes/1")
      .set("Accept", "application/json")
      .expect(404)
      .expect("Content-Type", /problem\+json/);
  });

  for (const [what, status, send] of [
    ["a wrong method", 405, (client) => client.put("/notes")],
    ["a JSON body", 415, (client) => client.post("/notes").send({ title: "x" })],
    [
      "a form over 120 kB",
      413,
      (client) =>
        client
          .post("/notes")
          .type("form")
          .send(`body=${"x".repeat(122_880)}`),
    ],
    [
      "a compressed form",
      415,
      (client) => client.post("/notes").type("form").set("Content-Encoding", "gzip").send("title=x"),
    ],
    ["a form with 21 fields", 413, (client) => client.post("/notes").type("form").send("a=1&".repeat(21))],
    ["an id that is none", 404, (client) => client.get("/notes/42/edit")],
    ["a cursor that is none", 422, (client) => client.get("/notes?after=x")],
    ["a broken percent encoding", 400, (client) => client.get("/notes/%E0%A4%A")],
  ] as [
    string,
    number,
    (client: ReturnType<typeof appUnderTest>["client"]) => ReturnType<typeof client.get>,
  ][]) {
    test(`answer ${status} to ${what}`, async () => {
      const { client } = appUnderTest();

      await send(client)
        .set("Accept", "text/html")
        .expect("Content-Type", /^text\/html/)
        .expect(status);
    });
  }

  test("answer 503 with Retry-After while the database cannot be reached", async () => {
    const { client } = appUnderTest({ store: failingStore("DB_UNREACHABLE") });

    for (const path of [
      "/notes",
      `/notes/${randomUUID()}`,
      `/notes/${randomUUID()}/edit`,
      `/notes/${randomUUID()}/delete`,
    ]) {
      await client
        .get(path)
        .expect("Retry-After", "5")
        .expect(503, /DB_UNREACHABLE/);
    }
    await client.get("/notes/new").expect(200);
  });
});

describe("a fault of the program", () => {
  const secret = "Token=abc123 X-Amz-Signature=0123456789abcdef";
  const broken = () => {
    const fail = () => Promise.reject(new Error(`select failed, ${secret}`, { cause: new Error(secret) }));
    return { ...failingStore("DB_UNREACHABLE"), list: fail };
  };

  test("answers a bare 500 and logs the error with its stack, both without secrets", async () => {
    const { client, logged, loggedText } = appUnderTest({ store: broken() });

    const page = await client.get("/notes").set("Accept", "text/html").expect(500);
    const problem = await client.get("/api/notes").expect(500);

    for (const { text } of [page, problem]) {
      assert.match(text, /WEB_INTERNAL/);
      assert.doesNotMatch(text, /select failed|\.ts|at .*:\d+|abc123/);
    }
    const failure = logged().find((line) => line.msg === "request failed") as {
      requestId: string;
      err: { message: string; stack: string };
    };
    assert.equal(failure.requestId, page.headers["x-request-id"]);
    assert.match(failure.err.stack, /at .*error-pages\.test\.ts/);
    assert.doesNotMatch(loggedText(), /abc123|0123456789abcdef/);
  });

  test("is answered in one line of text when even the error page fails", async () => {
    const { client, loggedText } = appUnderTest({
      render: () => {
        throw new Error("template broken");
      },
    });

    const { text } = await client.get("/notes").set("Accept", "text/html").expect(500);

    assert.doesNotMatch(text, /template broken|\.ts/);
    assert.match(loggedText(), /template broken/);
  });

  test("in the middle of an answer cuts it, so that half of it is not taken for the whole", async (t) => {
    // Where Express's own last resort writes, secrets and all.
    const printed = t.mock.method(console, "error", () => undefined);
    const { logged, log, render } = logAndPages();
    const app = express()
      .get("/", (_request, response, next) => {
        response.write("half", () => next(new Error("broken off")));
      })
      .use(errorAnswers({ log, render }));

    await assert.rejects(request(app).get("/"), /aborted/);

    assert.match(logged(), /broken off/);
    assert.equal(printed.mock.callCount(), 0);
  });

  test("of a statement is a 500, for trying again cannot help", async () => {
    const { client } = appUnderTest({ store: failingStore("DB_STATEMENT_INVALID") });

    const { headers } = await client.get("/api/notes").expect(500);

    assert.equal(headers["retry-after"], undefined);
  });
});
