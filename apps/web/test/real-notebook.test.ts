import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { type Sql, sql } from "@sealed/db";
import { createNoteStore } from "../src/notebook/index.ts";
import { type RealPath, startRealPath } from "./real-path.ts";

describe("the notebook on a real MySQL, over real TLS", () => {
  let path: RealPath;
  before(async () => {
    path = await startRealPath();
  });
  after(() => path[Symbol.asyncDispose]());

  async function newNote(json: object = { title: "Shopping", body: "Bread" }) {
    const { status, text } = await path.send("/api/notes", { json });
    assert.equal(status, 201, text);
    return JSON.parse(text) as {
      id: string;
      title: string;
      body: string;
      version: number;
      createdAt: string;
      updatedAt: string;
    };
  }

  test("keeps a note as it was written, whatever characters it is made of", async () => {
    const title = `🧂 \\' " ; -- ${"é".repeat(100)}`;
    const body = `<b>x</b>\n\ttab \\0 \u0000 '; DROP TABLE notes; --\n${"🥖".repeat(9_900)}`;

    const note = await newNote({ title, body });

    const { text, headers } = await path.send(`/api/notes/${note.id}`);
    assert.deepEqual(JSON.parse(text), note);
    assert.deepEqual([note.title, note.body, note.version, headers.etag], [title, body, 1, '"v1"']);
    assert.ok(Math.abs(Date.parse(note.createdAt) - Date.now()) < 60_000, note.createdAt);
  });

  test("lists notes newest first in pages, each once, also while new ones come in", async () => {
    const marker = `page ${Date.now()}`;
    for (let i = 0; i < 25; i++) await newNote({ title: `${marker} ${i}` });
    const titles: string[] = [];
    let after = "";

    do {
      const { text } = await path.send(`/api/notes?limit=7${after}`);
      const page = JSON.parse(text) as { notes: { title: string }[]; next: string | null };
      titles.push(...page.notes.map(({ title }) => title));
      await newNote({ title: "came in meanwhile" });
      after = page.next === null ? "" : `&after=${page.next}`;
    } while (after !== "");

    assert.deepEqual(
      titles.filter((title) => title.startsWith(marker)),
      Array.from({ length: 25 }, (_, index) => `${marker} ${24 - index}`),
    );
  });

  test("pages through notes of one and the same moment without losing or repeating any", async () => {
    await path.server.adminQuery("DELETE FROM notes.notes");
    const written = await Promise.all(
      Array.from({ length: 9 }, (_, index) => newNote({ title: `${index}` })),
    );
    await path.server.adminQuery("UPDATE notes.notes SET created_at = '2026-11-22 01:02:03.123456'");

    const seen: string[] = [];
    let page = await path.store.list({ limit: 2 });
    seen.push(...page.notes.map(({ id }) => id));
    while (page.next !== null) {
      page = await path.store.list({ limit: 2, after: page.next });
      seen.push(...page.notes.map(({ id }) => id));
    }

    assert.deepEqual([...seen].sort(), written.map(({ id }) => id).sort());
    assert.equal(page.notes[0]?.createdAt.toISOString(), "2026-11-22T01:02:03.123Z");
  });

  test("finds the first page and one in the middle of many notes by the index, without sorting", async () => {
    await path.server.adminQuery(`INSERT INTO notes.notes (id, title, body, created_at, updated_at)
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
      SELECT UUID(), 'filler', '', '2026-01-01' + INTERVAL (a.i * 60 + b.i) MINUTE, '2026-01-01' FROM n a, n b`);
    await path.server.adminQuery("ANALYZE TABLE notes.notes");
    const statements: Sql[] = [];
    const recorder = createNoteStore({
      ...path.database,
      async query(statement) {
        statements.push(statement);
        return [];
      },
    });

    await recorder.list({ limit: 20 });
    await recorder.list({ limit: 20, after: { createdAt: "2026-01-02 12:00:00.000000", id: randomUUID() } });

    assert.equal(statements.length, 2);
    for (const statement of statements) {
      const [plan] = await path.database.query(sql`EXPLAIN FORMAT=TRADITIONAL ${statement}`);
      assert.equal(plan?.key, "newest_first");
      assert.doesNotMatch(String(plan?.Extra), /filesort/);
    }
  });

  test("lets one of many writers with the same version win, and tells all others", async () => {
    const { id } = await newNote();
    const writers = Array.from({ length: 8 }, (_, index) => `writer ${index}`);

    const answers = await Promise.all(
      writers.map((title, index) => {
        const byHeader = index % 2 === 0;
        const json = byHeader ? { title } : { title, version: 1 };
        return path.send(`/api/notes/${id}`, {
          method: "PUT",
          json,
          headers: byHeader ? { "if-match": '"v1"' } : {},
        });
      }),
    );

    const won = answers.findIndex(({ status }) => status === 200);
    assert.deepEqual(
      answers.map(({ status }) => status),
      writers.map((_, index) => (index === won ? 200 : index % 2 === 0 ? 412 : 409)),
    );
    const note = JSON.parse((await path.send(`/api/notes/${id}`)).text);
    assert.deepEqual([note.title, note.version], [writers[won], 2]);
  });

  test("saves the same text again as a new version", async () => {
    const { id, title, body } = await newNote();

    for (const version of [1, 2]) {
      const { status, text } = await path.send(`/api/notes/${id}`, {
        method: "PUT",
        json: { title, body, version },
      });
      assert.deepEqual([status, JSON.parse(text).version], [200, version + 1]);
    }
  });

  test("deletes only the version that was seen, and each note once", async () => {
    const { id } = await newNote();
    const remove = (tag: string) =>
      path.send(`/api/notes/${id}`, { method: "DELETE", headers: { "if-match": tag } });
    await path.send(`/api/notes/${id}`, { method: "PUT", json: { title: "Changed", version: 1 } });

    assert.equal((await remove('"v1"')).status, 412);
    const statuses = (await Promise.all([remove('"v2"'), remove('"v2"')])).map(({ status }) => status);

    assert.deepEqual(statuses.sort(), [204, 404]);
    assert.equal(
      (await path.send(`/api/notes/${id}`, { method: "PUT", json: { title: "x", version: 2 } })).status,
      404,
    );
  });

  test("works through the forms, and shows a lost update in the form", async () => {
    const { headers } = await path.send("/notes", { form: { title: "By form", body: "one\r\ntwo" } });
    const url = String(headers.location);
    assert.match((await path.send(url)).text, /<h1>By form<\/h1>[\s\S]*one\ntwo/);

    assert.equal((await path.send(url, { form: { title: "Theirs", body: "", version: "1" } })).status, 303);
    const conflict = await path.send(url, { form: { title: "Mine", body: "", version: "1" } });

    assert.equal(conflict.status, 409);
    assert.match(conflict.text, /<h3>Theirs<\/h3>[\s\S]*value="2"[\s\S]*value="Mine"/);
    assert.equal((await path.send(`${url}/delete`, { form: { version: "2" } })).headers.location, "/notes");
  });

  test("gives the app no right to change the schema", async () => {
    await assert.rejects(path.database.execute(sql`DROP TABLE notes`), { code: "DB_PERMISSION_DENIED" });
  });
});
