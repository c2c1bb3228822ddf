import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { appUnderTest, failingStore } from "./app-under-test.ts";
import { memoryStore } from "./memory-store.ts";

const MARKUP = `<script>alert("x")</script> & <b title='y'>bold</b> <%= 'ev' + 'al' %>`;
const ESCAPED =
  "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &lt;b title=&#39;y&#39;&gt;bold&lt;/b&gt; &lt;%= &#39;ev&#39; + &#39;al&#39; %&gt;";

async function withNote(content = { title: "Shopping", body: "Bread\nand salt" }) {
  const store = memoryStore();
  const note = await store.create(content);
  return { ...appUnderTest({ store }), store, note, url: `/notes/${note.id}` };
}

/** Returns the value of an input, or the text of a textarea as a browser reads it. */
function fieldValue(html: string, name: string): string | undefined {
  const input = new RegExp(`<input[^>]*name="${name}"[^>]*value="([^"]*)"`).exec(html)?.[1];
  return input ?? new RegExp(`<textarea[^>]*name="${name}"[^>]*>\n?([^<]*)</textarea>`).exec(html)?.[1];
}

describe("the notebook's pages", () => {
  test("lead from a form to the note it made", async () => {
    const { client } = appUnderTest();

    await client.get("/notes/new").expect(200, /<form method="post" action="\/notes">/);
    const { headers } = await client
      .post("/notes")
      .type("form")
      .send({ title: "Shopping", body: "Bread" })
      .expect(303);

    const page = await client
      .get(headers.location ?? "")
      .expect("Content-Type", /^text\/html/)
      .expect(200);
    assert.match(page.text, /<h1>Shopping<\/h1>/);
    assert.match(page.text, /Bread/);
    await client.get("/notes").expect(200, new RegExp(`<a href="${headers.location}">Shopping</a>`));
  });

  test("take a note of the longest title and text in any characters", async () => {
    const { client } = appUnderTest();
    const longest = { title: "\u{1F512}".repeat(120), body: "\u{1F512}".repeat(10_000) };

    await client.post("/notes").type("form").send(longest).expect(303);
  });

  test("show markup and template code as they were written", async () => {
    const { client, url } = await withNote({ title: MARKUP, body: MARKUP });

    for (const path of [url, "/notes", `${url}/edit`, `${url}/delete`]) {
      const { text } = await client.get(path).expect(200);
      assert.ok(text.includes(ESCAPED), path);
      assert.doesNotMatch(text, /<script>|<b title|eval/, path);
    }
  });

  test("show an empty notebook, and pages of 20 with a way on and back", async () => {
    const { client } = appUnderTest();
    await client.get("/notes").expect(200, /No notes yet/);
    for (let i = 1; i <= 21; i++)
      await client
        .post("/notes")
        .type("form")
        .send({ title: `Note ${i}.` })
        .expect(303);

    const first = await client.get("/notes").expect(200);
    const next = /href="(\/notes\?after=[^"]+)"/.exec(first.text)?.[1] ?? "";
    const second = await client.get(next).expect(200);

    assert.equal(first.text.match(/<li>\s*<a href="\/notes\/[0-9a-f-]{36}">/g)?.length, 20);
    assert.match(first.text, /Note 21\./);
    assert.doesNotMatch(first.text, />Note 1\.</);
    assert.match(second.text, />Note 1\.</);
    assert.match(second.text, /href="\/notes" rel="first"/);
    assert.doesNotMatch(second.text, /rel="next"/);
  });

  test("change a note and lead back to it", async () => {
    const { client, url } = await withNote();
    const form = await client.get(`${url}/edit`).expect(200);
    assert.deepEqual(
      [fieldValue(form.text, "title"), fieldValue(form.text, "body"), fieldValue(form.text, "version")],
      ["Shopping", "Bread\nand salt", "1"],
    );

    await client
      .post(url)
      .type("form")
      .send({ title: "Baking", body: "Flour", version: "1" })
      .expect(303)
      .expect("Location", url);

    await client.get(url).expect(200, /Baking[\s\S]*Flour/);
  });

  test("keep a text that begins with an empty line", async () => {
    const { client, url } = await withNote({ title: "x", body: "\nsecond line" });

    const { text } = await client.get(`${url}/edit`).expect(200);

    assert.match(text, /<textarea[^>]*>\n\nsecond line<\/textarea>/);
  });

  test("store the line breaks of a form as a program would send them", async () => {
    const { client, store } = await withNote();

    await client.post("/notes").type("form").send({ title: "x", body: "one\r\ntwo" }).expect(303);

    assert.equal((await store.list({ limit: 1 })).notes[0]?.body, "one\ntwo");
  });

  test("delete only after a confirmation, with a plain form", async () => {
    const { client, url } = await withNote();

    const question = await client.get(`${url}/delete`).expect(200);
    assert.match(question.text, new RegExp(`<form method="post" action="${url}/delete">`));
    await client.get(url).expect(200);
    await client
      .post(`${url}/delete`)
      .type("form")
      .send({ version: fieldValue(question.text, "version") })
      .expect(303)
      .expect("Location", "/notes");

    await client.get(url).expect(404, /There is no such note/);
  });
});

describe("a form that cannot be saved", () => {
  test("comes back as it was, with a summary and a message at each wrong field", async () => {
    const { client } = appUnderTest();
    const body = `${"x".repeat(10_001)}<b>`;

    const { text } = await client.post("/notes").type("form").send({ title: "  ", body }).expect(422);

    assert.equal(fieldValue(text, "title"), "  ");
    assert.equal(fieldValue(text, "body"), body.replace("<b>", "&lt;b&gt;"));
    assert.match(text, /<div class="error-summary" role="alert" tabindex="-1" autofocus>/);
    for (const field of ["title", "body"]) {
      assert.match(text, new RegExp(`<a href="#${field}">`));
      assert.match(text, new RegExp(`id="${field}-error"`));
      assert.match(
        text,
        new RegExp(
          `name="${field}"[^>]*aria-describedby="${field}-hint ${field}-error"[^>]*aria-invalid="true"`,
        ),
      );
    }
    assert.match(text, /<title>Not saved: New note/);
  });

  test("marks only the field that is wrong", async () => {
    const { client, url } = await withNote();

    const { text } = await client
      .post(url)
      .type("form")
      .send({ title: "", body: "kept", version: "1" })
      .expect(422);

    assert.equal(text.match(/aria-invalid/g)?.length, 1);
    assert.deepEqual([fieldValue(text, "body"), fieldValue(text, "version")], ["kept", "1"]);
  });

  test("shows both versions when somebody else saved first, and saves at the second try", async () => {
    const { client, store, note, url } = await withNote();
    await store.change(note.id, 1, { title: "Theirs", body: "Their text" });

    const { text } = await client
      .post(url)
      .type("form")
      .send({ title: "Mine", body: "My text", version: "1" })
      .expect(409);

    assert.match(text, /<h3>Theirs<\/h3>[\s\S]*Their text/);
    assert.deepEqual(
      [fieldValue(text, "title"), fieldValue(text, "body"), fieldValue(text, "version")],
      ["Mine", "My text", "2"],
    );
    assert.equal((await store.find(note.id))?.title, "Theirs");
    await client.post(url).type("form").send({ title: "Mine", body: "My text", version: "2" }).expect(303);
    assert.equal((await store.find(note.id))?.title, "Mine");
  });

  for (const version of ["", "0", "-1", "1e0", "9".repeat(30), "x"]) {
    test(`is a conflict, not an overwrite, with the version "${version.slice(0, 5)}"`, async () => {
      const { client, store, note, url } = await withNote();

      await client.post(url).type("form").send({ title: "Mine", body: "", version }).expect(409);
      await client.post(`${url}/delete`).type("form").send({ version }).expect(409);

      assert.equal((await store.find(note.id))?.title, "Shopping");
    });
  }

  test("asks again before it deletes a note that was changed meanwhile", async () => {
    const { client, store, note, url } = await withNote();
    await store.change(note.id, 1, { title: "Changed", body: "" });

    const { text } = await client.post(`${url}/delete`).type("form").send({ version: "1" }).expect(409);

    assert.match(text, /Somebody changed this note[\s\S]*Changed/);
    assert.equal(fieldValue(text, "version"), "2");
    assert.ok(await store.find(note.id));
  });

  test("keeps what was written while the database cannot be reached", async () => {
    const { client } = appUnderTest({ store: failingStore("DB_POOL_TIMEOUT") });
    const fields = { title: "Mine", body: "My text", version: "4" };

    for (const path of ["/notes", `/notes/${randomUUID()}`]) {
      const { text } = await client
        .post(path)
        .type("form")
        .send(fields)
        .expect(503)
        .expect("Retry-After", "5");
      assert.deepEqual([fieldValue(text, "title"), fieldValue(text, "body")], ["Mine", "My text"]);
      assert.match(text, /role="alert"[\s\S]*cannot be reached/);
    }
  });

  test("says to look first when nobody knows whether it was saved", async () => {
    const { client } = appUnderTest({ store: failingStore("DB_COMMIT_UNKNOWN") });

    await client
      .post("/notes")
      .type("form")
      .send({ title: "x" })
      .expect(503, /may or may not be saved[\s\S]*look whether the change is there/);
  });
});

test("leads from / to the notebook where the hops page is off", async () => {
  const { client } = appUnderTest();

  await client.get("/").expect(303).expect("Location", "/notes");
  await client.post("/").expect(405).expect("Allow", "GET, HEAD");
  await client.get("/hops.json").expect(404);
});
