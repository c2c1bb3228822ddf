import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { loadAssets } from "../src/assets.ts";
import { appUnderTest } from "./app-under-test.ts";

async function folder(t: { after: (done: () => Promise<void>) => void }, files: Record<string, string>) {
  const directory = await mkdtemp(join(tmpdir(), "assets-"));
  t.after(() => rm(directory, { recursive: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content);
  return directory;
}

test("serves a file under its content's hash for a year", async (t) => {
  const assets = loadAssets(await folder(t, { "style.css": "a { color: red }" }));
  const { client } = appUnderTest({ assets });
  assert.match(assets.url("style.css"), /^\/assets\/style\.[0-9a-f]{12}\.css$/);

  const response = await client.get(assets.url("style.css")).expect(200, "a { color: red }");

  assert.equal(response.headers["content-type"], "text/css; charset=utf-8");
  assert.equal(response.headers["cache-control"], "public, max-age=31536000, immutable");
  assert.equal(response.headers["x-content-type-options"], "nosniff");
});

test("gives another content another address", async (t) => {
  const before = loadAssets(await folder(t, { "style.css": "a {}" }));
  const after = loadAssets(await folder(t, { "style.css": "b {}" }));

  assert.notEqual(before.url("style.css"), after.url("style.css"));
});

test("serves its own version for another version's address, without keeping it there", async (t) => {
  const { client } = appUnderTest({ assets: loadAssets(await folder(t, { "style.css": "a {}" })) });

  for (const path of ["/assets/style.000000000000.css", "/assets/style.css"]) {
    const response = await client.get(path).expect(200, "a {}");
    assert.equal(response.headers["cache-control"], "no-cache");
  }
});

test("serves nothing else", async (t) => {
  const { client } = appUnderTest({ assets: loadAssets(await folder(t, { "style.css": "a {}" })) });

  for (const path of [
    "/assets/",
    "/assets/other.css",
    "/assets/..%2fpackage.json",
    "/assets/%2e%2e/package.json",
    "/assets/style",
  ]) {
    await client.get(path).expect(404);
  }
  await client.post("/assets/style.css").expect(405).expect("Allow", "GET, HEAD");
});

test("refuses at start a file whose kind it does not know, and a view that asks for a missing one", async (t) => {
  const odd = await folder(t, { "page.php": "" });
  const good = loadAssets(await folder(t, { "style.css": "" }));

  assert.throws(() => loadAssets(odd), /"page\.php" has no known content type/);
  assert.throws(() => good.url("other.css"), /no asset "other\.css"/);
});
