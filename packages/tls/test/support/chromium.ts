import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type BrowserContext, chromium } from "playwright-core";
import { Nss } from "./nss.ts";

const PROGRAM = "/usr/bin/chromium";

/** Why the tests in a browser cannot run here; `false` when they can. */
export const noChromium: string | false = existsSync(PROGRAM)
  ? false
  : "needs Chromium: apt install chromium";

const FLAGS = [
  // Every made-up name is this machine.
  "--host-resolver-rules=MAP *.example 127.0.0.1",
  // No background traffic, so that the browser reaches this machine only.
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Opens Chromium for a user who trusts these certificates, PEM, beside the public authorities; it ends with the test. */
export async function openChromium(t: TestContext, trusted: readonly string[]): Promise<BrowserContext> {
  const home = await mkdtemp(join(tmpdir(), "sealed-chromium-"));
  let browser: BrowserContext | undefined;
  t.after(async () => {
    // In this order: while it closes it writes its profile once more.
    await browser?.close();
    await rm(home, { recursive: true, force: true });
  });
  // https://chromium.googlesource.com/chromium/src/+/main/docs/linux/cert_management.md
  const nss = await Nss.open(t, join(home, ".pki", "nssdb"));
  if (trusted.length > 0) {
    await nss.add(new Map(trusted.map((cert, index) => [`cert-${index}`, cert])), "asServer");
  }
  browser = await chromium.launchPersistentContext(join(home, "profile"), {
    executablePath: PROGRAM,
    headless: true,
    // Chromium's own sandbox cannot be set up by root.
    chromiumSandbox: process.getuid?.() !== 0,
    env: { HOME: home, PATH: "/usr/local/bin:/usr/bin:/bin" },
    args: FLAGS,
  });
  return browser;
}

/** Returns the text of the page at an address, or the error that Chromium shows in its place. */
export async function pageAt(browser: BrowserContext, address: string): Promise<string> {
  const page = await browser.newPage();
  try {
    await page.goto(address);
    return await page.innerText("body");
  } catch (error) {
    const { message } = error as Error;
    return /net::\w+/.exec(message)?.[0] ?? message;
  } finally {
    await page.close();
  }
}
