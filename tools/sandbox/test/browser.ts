import { createHash, type X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { type BrowserContext, type BrowserContextOptions, chromium } from "playwright-core";

const PROGRAM = "/usr/bin/chromium";

/** Why the tests in a browser cannot run here; `false` when they can. */
export const noBrowser: string | false = existsSync(PROGRAM) ? false : "needs Chromium: apt install chromium";

// No background traffic, so that the browser reaches this machine only.
const QUIET = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Opens a browser that takes the certificate which `url` serves now, and no other.
 *
 * The private authority is trusted by nobody; pinning the public key leaves every other check of the browser on,
 * where ignoring certificate errors would switch them off.
 */
export async function openBrowser(
  url: string,
  options: BrowserContextOptions = {},
): Promise<BrowserContext & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), "sealed-browser-"));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: PROGRAM,
    headless: true,
    // Chromium's own sandbox cannot be set up by root.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [...QUIET, `--ignore-certificate-errors-spki-list=${await publicKeyPin(url)}`],
    ...options,
  });
  return Object.assign(context, {
    async [Symbol.asyncDispose]() {
      await context.close();
      await rm(folder, { recursive: true, force: true });
    },
  });
}

/** Returns the SHA-256 of the public key that `url` serves, as Chromium wants it. */
async function publicKeyPin(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<X509Certificate>();
  // Only to read the certificate: nothing is sent.
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
    const certificate = socket.getPeerX509Certificate();
    if (certificate === undefined) reject(new Error(`${url} serves no certificate`));
    else resolve(certificate);
    socket.destroy();
  });
  socket.once("error", reject);
  const { publicKey } = await promise;
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("base64");
}
