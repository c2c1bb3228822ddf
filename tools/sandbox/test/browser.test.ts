import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { freePort } from "@sealed/servers";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import type { SandboxState } from "../src/state.ts";
import { administer } from "./administer.ts";
import { noBrowser, openBrowser } from "./browser.ts";
import { ask, processesOf, type RunningCommand, runCommand } from "./running-sandbox.ts";

// A safety net against a hang; each test takes a few seconds.
const options = { timeout: 120_000, skip: noBrowser };
const MARKUP = `<img src=x onerror="document.title='run'"><script>document.title='run'</script>`;
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

let directory: string;
let sandbox: RunningCommand;
let state: SandboxState;

before(async () => {
  if (noBrowser !== false) return;
  directory = await mkdtemp(join(tmpdir(), "sealed-sandbox-"));
  sandbox = runCommand(directory, "start", "--port", String(await freePort()));
  state = await sandbox.ready();
});
after(async () => {
  if (noBrowser !== false) return;
  sandbox.process.kill("SIGTERM");
  await sandbox.exited;
  for (const pid of await processesOf(directory)) process.kill(Number(pid), "SIGKILL");
  await rm(directory, { recursive: true, force: true });
});

for (const javaScriptEnabled of [true, false]) {
  test(
    `a person sees three sealed hops and keeps notes, scripts ${javaScriptEnabled ? "on" : "off"}`,
    options,
    async () => {
      await using browser = await openBrowser(state.url, { javaScriptEnabled, viewport: DESKTOP });
      const page = await browser.newPage();

      await page.goto(state.url);
      assert.equal(await page.locator(".hop[data-state=sealed]").count(), 3);
      assert.equal(await page.locator(".hop:not([data-state=sealed])").count(), 0);

      await page.getByRole("link", { name: "Notebook" }).click();
      await page.getByRole("link", { name: "New note" }).click();
      await page.getByLabel("Title").fill("From the browser");
      await page.getByLabel("Text").fill(`first line\n${MARKUP}`);
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("heading", { name: "From the browser" }).waitFor();
      // Shown as text, not run.
      assert.ok((await page.locator(".prose").textContent())?.includes(MARKUP));
      assert.notEqual(await page.title(), "run");
      assert.equal(await page.locator(".prose img, .prose script").count(), 0);

      await page.getByRole("link", { name: "Edit" }).click();
      assert.equal(await page.getByLabel("Text").inputValue(), `first line\n${MARKUP}`);
      await page.getByLabel("Title").fill("Changed in the browser");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("heading", { name: "Changed in the browser" }).waitFor();

      await page.getByRole("link", { name: "Delete" }).click();
      await page.getByRole("button", { name: "Delete" }).click();
      await page.getByRole("heading", { name: "Notes" }).waitFor();
      assert.equal(await page.getByRole("link", { name: "Changed in the browser" }).count(), 0);
    },
  );
}

test("a lost update is shown with both texts, and nothing typed is lost", options, async () => {
  const created = JSON.parse((await ask(state, "/api/notes", { title: "Shared", body: "one" })).body);
  await using browser = await openBrowser(state.url, { javaScriptEnabled: false });
  const [mine, theirs] = [await browser.newPage(), await browser.newPage()];
  for (const page of [mine, theirs]) await page.goto(`${state.url}/notes/${created.id}/edit`);

  await theirs.getByLabel("Text").fill("their text");
  await theirs.getByRole("button", { name: "Save" }).click();
  await mine.getByLabel("Text").fill("my text");
  await mine.getByRole("button", { name: "Save" }).click();

  assert.match((await mine.locator(".conflict").textContent()) ?? "", /their text/);
  assert.equal(await mine.getByLabel("Text").inputValue(), "my text");
});

test("the hops page keeps itself current without being loaded again", options, async () => {
  await using browser = await openBrowser(state.url);
  const page = await browser.newPage();
  await page.goto(state.url);
  await page.evaluate("window.isSamePage = true");
  const observedAt = () => page.locator(".provenance time").first().getAttribute("datetime");
  const first = await observedAt();

  // The test's own timeout is the limit.
  while ((await observedAt()) === first) await page.waitForTimeout(100);

  assert.equal(await page.evaluate("window.isSamePage"), true);
  assert.equal(await page.locator(".hop[data-state=sealed]").count(), 3);
});

test(
  "a change of the verdict is announced, and what cannot be reached is said to be old",
  options,
  async () => {
    await using browser = await openBrowser(state.url);
    const page = await browser.newPage();
    await page.goto(state.url);
    const announcement = page.locator("#announcement");
    assert.equal(await announcement.textContent(), "");

    await administer(state, "SET GLOBAL require_secure_transport = OFF");
    await page.locator(".hop[data-state=open]").waitFor();
    assert.match((await announcement.textContent()) ?? "", /hop 3/i);

    await administer(state, "SET GLOBAL require_secure_transport = ON");
    await page.locator(".verdict[data-verdict=sealed]").waitFor();
    await browser.setOffline(true);
    await page.locator("#refresh-note", { hasText: "Last seen" }).waitFor();
  },
);

test("the page can be used with the keyboard alone, from the skip link on", options, async () => {
  await using browser = await openBrowser(state.url, { javaScriptEnabled: false });
  const page = await browser.newPage();
  await page.goto(`${state.url}/notes/new`);
  const focused = async () => await page.evaluate("document.activeElement.textContent.trim()");

  await page.keyboard.press("Tab");
  assert.match(String(await focused()), /skip/i);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.type("By keyboard");
  await page.keyboard.press("Enter");

  await page.getByRole("heading", { name: "By keyboard" }).waitFor();
});

const PATHS = ["/", "/notes", "/notes/new", "/notes/999999999"];

for (const colorScheme of ["light", "dark"] as const) {
  test(
    `every page fits 1280 and 390 pixels and passes the accessibility rules, ${colorScheme}`,
    options,
    async () => {
      const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
      await using browser = await openBrowser(state.url, { colorScheme });
      const page = await browser.newPage();

      for (const viewport of [DESKTOP, PHONE]) {
        await page.setViewportSize(viewport);
        for (const path of PATHS) {
          await page.goto(state.url + path);
          const at = `${path} at ${viewport.width} pixels`;
          assert.ok((await widthOf(page)) <= viewport.width, `${at} scrolls sideways`);
          assert.deepEqual(await accessibilityProblems(page, axe), [], at);
        }
      }
    },
  );
}

async function widthOf(page: Page): Promise<number> {
  return Number(await page.evaluate("document.documentElement.scrollWidth"));
}

async function accessibilityProblems(page: Page, axe: string): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = (await page.evaluate("axe.run()")) as AxeResults;
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}
