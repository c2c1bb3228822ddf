import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { loadAssets } from "../src/assets.ts";
import { type HopsInput, observeHops } from "../src/hops/index.ts";
import { hopsPage } from "../src/hops/page.ts";
import { createRender } from "../src/views.ts";
import { certificate, DATABASE, LESSON, observed } from "./hops-fixtures.ts";

const folder = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const assets = loadAssets(folder("public"));
const render = createRender({ directory: folder("views"), assets, hopsPage: true });

function html(changes: Partial<HopsInput> = {}): string {
  return render("hops", hopsPage(observeHops(observed(changes))));
}

const states: Record<string, Partial<HopsInput>> = {
  sealed: {},
  lesson: LESSON,
  "database down": { database: { code: "DB_UNREACHABLE" } },
  "database refused": { database: { code: "DB_UNTRUSTED_CERTIFICATE" } },
  "no enforcement": { database: { ...DATABASE, requiresSecureTransport: false, userRequiresTls: false } },
  "password login": { database: { ...DATABASE, tokenAgeMs: null } },
  "classic load balancer": { topology: "clb-backend-auth" },
  "network load balancer": { topology: "nlb-passthrough", forwarded: null },
  "single instance": { topology: "single-instance", forwarded: null },
  "past the load balancer": { forwarded: null },
};

for (const [state, input] of Object.entries(states)) {
  test(`the page is whole and needs neither inline script nor inline style: ${state}`, () => {
    const page = html(input);

    assert.deepEqual(unbalancedTags(page), []);
    assert.doesNotMatch(page, /<style|\sstyle=|\son[a-z]+=|javascript:/i);
    for (const [tag] of page.matchAll(/<script[^>]*>/g))
      assert.match(tag, /^<script type="module" src="\/assets\/[^"]+">$/);
    assert.doesNotMatch(page, /undefined|\[object|NaN|<%/);
    assert.equal(page.match(/<h1/g)?.length, 1);
    assert.equal(page.match(/<main/g)?.length, 1);
    assert.equal(page.match(/<li class="station"/g)?.length, 4);
    assert.equal(page.match(/<li class="hop"/g)?.length, 3);
    assert.deepEqual(headingSkips(page), []);
    assert.deepEqual(repeatedIds(page), []);
  });
}

test("every hop says its state in words beside its lock", () => {
  const words = (input: Partial<HopsInput>) =>
    [
      ...html(input).matchAll(
        /data-state="(\w+)">\s*<div class="conduit">[\s\S]*?<p class="state">([^<]+)</g,
      ),
    ].map(([, state, label]) => `${state}: ${label}`);

  assert.deepEqual(words({}), ["sealed: Sealed", "sealed: Sealed", "sealed: Sealed"]);
  assert.deepEqual(words(LESSON), ["sealed: Sealed", "open: Open", "sealed: Sealed"]);
  assert.deepEqual(words({ forwarded: null, database: { code: "DB_UNREACHABLE" } }), [
    "unseen: Not seen",
    "unseen: Not seen",
    "unseen: No connection",
  ]);
  assert.equal(words({ database: { code: "DB_UNTRUSTED_CERTIFICATE" } })[2], "unseen: Refused");
});

test("every drawing is hidden from screen readers, which have the words", () => {
  for (const [tag] of html().matchAll(/<svg[^>]*>/g)) assert.match(tag, /aria-hidden="true"/);
});

test("the verdict stands first, and the title repeats it", () => {
  const titles = Object.entries({
    "Sealed at every hop": {},
    "Open at hop 2": LESSON,
    "Not sealed at hop 3": states["database down"],
  });
  for (const [headline, input] of titles) {
    const page = html(input);
    assert.match(page, new RegExp(`<h1[^>]*>${headline}</h1>`));
    assert.match(page, new RegExp(`<title>${headline} `));
  }
  assert.match(
    html({ ...LESSON, database: { code: "DB_UNREACHABLE" } }),
    /<h1[^>]*>Open at hop 2</,
    "an open hop goes before an unseen one",
  );
});

test("a sealed hop that nobody checks is admitted beside the verdict", () => {
  assert.match(html(), /Hop 2 is encrypted, but nobody checks whose certificate it is/);
  assert.doesNotMatch(html({ topology: "clb-backend-auth" }), /class="caveat"/);
  assert.doesNotMatch(html(LESSON), /class="caveat"/);
});

test("what was observed stands under the hop it belongs to", () => {
  const [client = "", app = "", database = ""] = html().split('<li class="hop"').slice(1);

  assert.match(client, /TLS 1\.3[\s\S]*not reported[\s\S]*reported by the load balancer/);
  assert.match(
    app,
    /X25519MLKEM768<[\s\S]*post-quantum hybrid[\s\S]*CN=app\.test[\s\S]*29 days left, until 14 Jul 2026/,
  );
  assert.match(app, /<summary>[\s\S]*A0:A1:A2 … BD:BE:BF[\s\S]*A0:<wbr>A1:<wbr>[\s\S]*:<wbr>BF</);
  assert.match(database, /app@%[\s\S]*4 min 12 s old[\s\S]*refused[\s\S]*by the server[\s\S]*REQUIRE SSL/);
});

test("an unenforced database and a password login read as such", () => {
  assert.match(
    html(states["no enforcement"]),
    /class="warns"[\s\S]*accepted[\s\S]*class="warns"[\s\S]*no REQUIRE SSL/,
  );
  assert.match(html(states["password login"]), /logs in with a password/);
});

test("a long cipher name may break at its separators only", () => {
  assert.match(html(), />TLS_<wbr>AES_<wbr>256_<wbr>GCM_<wbr>SHA384</);
});

test("values from outside are shown, never run", () => {
  const markup = (source: string) => `<img src=${source} onerror="alert(1)">`;
  const page = html({
    instance: markup("instance"),
    forwarded: { proto: markup("proto"), tlsVersion: markup("version"), tlsCipher: markup("cipher") },
    serverCertificate: certificate(markup("app"), 9),
    database: {
      ...DATABASE,
      user: markup("user"),
      serverVersion: markup("server"),
      peer: certificate(markup("database"), 9),
    },
  });

  assert.doesNotMatch(page, /<img/);
  for (const source of ["instance", "proto", "version", "cipher", "app", "user", "server", "database"]) {
    assert.match(page, new RegExp(`&lt;img src=${source} onerror=&quot;alert\\(1\\)&quot;`), source);
  }
});

test("no view writes anything raw but partial views and the body of the layout", () => {
  const views = globSync("**/*.eta", { cwd: folder("views") });
  const raw = views.flatMap((view) =>
    [...readFileSync(join(folder("views"), view), "utf8").matchAll(/<%~\s*(.*?)\s*%>/g)]
      .filter(([, code = ""]) => code !== "it.body" && !/^include\("[\w/-]+", \{.*\}\)$/.test(code))
      .map(([tag]) => `${view}: ${tag}`),
  );

  assert.ok(views.length >= 5);
  assert.deepEqual(raw, []);
});

test("the picture names the places of each topology", () => {
  assert.match(html(), /Application, encrypts again/);
  assert.match(html({ topology: "single-instance" }), /data-absent[\s\S]*No load balancer/);
  assert.match(html(), /MySQL[\s\S]*8\.4\.7/);
  assert.match(html({ database: { ...DATABASE, serverVersion: "10.11.14-MariaDB-log" } }), />MariaDB</);
});

test("the layout hides the hops link where the page is off, and marks the current page", () => {
  const off = createRender({ directory: folder("views"), assets, hopsPage: false });
  const withoutHops = off("layout", { title: "Notes", active: "notes", body: "<h1>Notes</h1>" });

  assert.doesNotMatch(withoutHops, />Hops</);
  assert.match(withoutHops, /aria-current="page">Notebook/);
  assert.match(html(), /aria-current="page">Hops/);
  assert.doesNotMatch(html(), /aria-current="page">Notebook/);
});

function unbalancedTags(page: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  const isVoid = /^(meta|link|input|br|wbr|img|hr)$/;
  for (const [, close, name = "", selfClosing] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*?(\/?)>/g)) {
    if (selfClosing === "/" || isVoid.test(name)) continue;
    if (close === "") open.push(name);
    else if (open.pop() !== name) wrong.push(`</${name}>`);
  }
  return [...wrong, ...open];
}

function headingSkips(page: string): string[] {
  const levels = [...page.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
  return levels.flatMap((level, index) =>
    level > (levels[index - 1] ?? 0) + 1 ? [`h${level} at ${index}`] : [],
  );
}

function repeatedIds(page: string): string[] {
  const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id ?? "");
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}
