import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { freePort } from "@sealed/servers";
import { answer } from "../../src/verify/check.ts";
import { evidenceOf } from "../../src/verify/document.ts";
import { reportPage } from "../../src/verify/report/page.ts";
import { judgePath } from "../../src/verify/verdict.ts";
import { sealed } from "../support/harness.ts";

const directory = mkdtempSync(join(tmpdir(), "sealed-report-"));
after(() => rmSync(directory, { recursive: true }));

const HOSTILE = `"><script>alert(1)</script><img src=x onerror='alert(2)'>&`;

function page(): string {
  const checks = (["client-lb", "lb-app", "app-db"] as const).map((hop) =>
    answer(
      { hop, id: "one", title: `title ${HOSTILE}`, subject: HOSTILE, expected: HOSTILE, mend: HOSTILE },
      "failed",
      HOSTILE,
    ),
  );
  const report = { topology: HOSTILE, verdict: HOSTILE, instance: HOSTILE, observedAt: HOSTILE, hops: [] };
  return reportPage(
    evidenceOf({
      target: { url: new URL("https://app.example.com/"), origin: "deployment" },
      verdict: judgePath("alb-reencrypt", checks),
      reports: [report],
      identity: `arn:${HOSTILE}`,
      now: new Date("2026-11-22T10:00:00Z"),
      version: "0.1.0",
    }),
  );
}

test("the page has what an auditor asks for: verdict, hops, date, place, credentials, versions", () => {
  const text = page();

  for (const what of [
    /<h1><span class="open">Open<\/span>: https:\/\/app\.example\.com\/<\/h1>/,
    /<p>Not as promised: hop 1 \(client to load balancer\), hop 2 .*, hop 3 .*\.<\/p>/,
    /<dd>2026-11-22 10:00:00 UTC<\/dd>/,
    /<dd>alb-reencrypt<\/dd>/,
    /<dt>Credentials with AWS<\/dt><dd>arn:/,
    /sealed 0\.1\.0, Node\.js \d+\.\d+\.\d+, OpenSSL \d/,
    /Hop 1: client to load balancer, <span class="open">open<\/span>/,
    /By design the certificate is checked by nobody: an Application Load Balancer never checks/,
  ]) {
    assert.match(text, what);
  }
});

test("the page runs nothing and loads nothing, whatever somebody answered", () => {
  const text = page();

  assert.doesNotMatch(text, /<(script|img|link|iframe|object|embed|form|base)\b/i);
  // No tag has anything but what the template gives it.
  for (const [tag] of text.matchAll(/<[a-z][^>]*>/gi))
    assert.doesNotMatch(tag, /\s(on\w+|src|href|style)\s*=/i);
  assert.doesNotMatch(text, /url\(|@import/);
  assert.match(text, /default-src 'none'; style-src 'unsafe-inline'/);
  assert.match(text, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
});

test("the page is for light and dark, and names each cell where a row has no room", () => {
  const text = page();

  assert.match(text, /prefers-color-scheme: dark/);
  assert.match(text, /name="viewport" content="width=device-width, initial-scale=1"/);
  for (const label of ["Seen", "Expected", "Result"])
    assert.match(text, new RegExp(`<td data-label="${label}"`));
});

/** Verifies an address where nobody listens: the report is about that. */
async function verifyInto(file: string) {
  return await sealed(`verify https://localhost:${await freePort()} --report ${file}`);
}

test("--report writes one file, replaces an earlier report, and says where it is", async () => {
  const file = join(directory, "evidence.html");

  const first = await verifyInto(file);
  const before = readFileSync(file, "utf8");
  const second = await verifyInto(file);

  assert.equal(first.exitCode, 3);
  assert.match(before, /^<!doctype html>[\s\S]*Not seen[\s\S]*<\/html>\n$/);
  assert.notEqual(readFileSync(file, "utf8"), before);
  assert.match(second.output, new RegExp(`report {2}${file}\n$`));
  assert.deepEqual(readdirSync(directory), ["evidence.html"]);
});

test("--report with --json names the file in the document, and prints nothing else", async () => {
  const file = join(directory, "json.html");

  const { output } = await sealed(`verify https://localhost:${await freePort()} --json --report ${file}`);

  assert.equal(JSON.parse(output).report, file);
  rmSync(file);
});

test("--report leaves any other file alone, and refuses before anything is looked at", async () => {
  const file = join(directory, "notes.html");
  writeFileSync(file, "<!doctype html><p>mine</p>");

  const { exitCode, errors, output } = await verifyInto(file);

  assert.equal(exitCode, 2);
  assert.match(
    errors,
    /notes\.html exists and is no report of this command: name another file, or remove it/,
  );
  assert.equal(readFileSync(file, "utf8"), "<!doctype html><p>mine</p>");
  assert.doesNotMatch(output, /look at/);
});

test("--report needs a folder that is there, and a file that can be written", async () => {
  const folder = join(directory, "folder");
  mkdirSync(folder);

  const absent = await verifyInto(join(directory, "absent", "page.html"));
  const isFolder = await verifyInto(folder);
  const below = await verifyInto(join(directory, "notes.html", "page.html"));

  assert.match(absent.errors, /needs a folder that is there, got .*absent \(ENOENT\)/);
  assert.match(isFolder.errors, /cannot be written to .*folder \(EISDIR\)/);
  assert.match(below.errors, /needs a folder, got the file .*notes\.html/);
  assert.deepEqual([absent.exitCode, isFolder.exitCode, below.exitCode], [2, 2, 2]);
});
