import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { buildSourceBundle, REPOSITORY } from "../../src/source-bundle/build.ts";
import { compileApp } from "../../src/source-bundle/compile.ts";
import { MAX_BUNDLE_BYTES } from "../../src/source-bundle/content-rules.ts";
import { TOPOLOGIES, topologyFacts } from "../../src/topology.ts";
import { readZip } from "./read-zip.ts";

const app = await compileApp(REPOSITORY);
const bundle = await buildSourceBundle({ topology: "nlb-passthrough", mode: "cdk", app });
const entries = await readZip(bundle.zip);
const paths = entries.map(({ path }) => path);

test("the bundle has at most 1.5 MB", (t) => {
  t.diagnostic(`${bundle.zip.length} bytes`);
  assert.ok(bundle.zip.length <= MAX_BUNDLE_BYTES);
});

test("the bundle holds what an instance needs at the places where the platform looks", () => {
  const needed = [
    "Procfile",
    "package.json",
    "app/main.js",
    "views/layout.eta",
    "public/style.css",
    ".platform/nginx/nginx.conf",
    ".platform/hooks/predeploy/10-bind-443.sh",
    ".platform/hooks/predeploy/20-healthd-directory.sh",
    ".platform/confighooks/predeploy/10-bind-443.sh",
    ".platform/confighooks/predeploy/20-healthd-directory.sh",
    ".ebextensions/nlb-health-check.config",
  ];

  assert.deepEqual(
    needed.filter((path) => !paths.includes(path)),
    [],
  );
});

test("nothing that belongs to development is in the bundle", () => {
  const known = /^(app|views|public|\.platform|\.ebextensions|node_modules)\/|^(Procfile|package\.json)$/;

  assert.deepEqual(
    paths.filter((path) => !known.test(path) || /test|migration|\.(ts|map|md|sql)$/.test(path)),
    ["node_modules/README.md"],
  );
});

test("hooks keep their run bit, and nothing else has one", () => {
  const executable = entries.filter(({ mode }) => mode === 0o755).map(({ path }) => path);
  const plain = entries.filter(({ mode }) => mode === 0o644);

  assert.deepEqual(
    executable,
    paths.filter((path) => path.includes("hooks/")),
  );
  assert.equal(executable.length + plain.length, entries.length);
});

test("no file names a path of this machine, a source map or a module outside of the repository", () => {
  for (const { path, content } of entries) {
    const text = content.toString("latin1");
    assert.ok(!text.includes(`${REPOSITORY}/`), path);
    assert.ok(!text.includes(`${homedir()}/`), path);
    assert.doesNotMatch(text, /sourceMappingURL=\S/, path);
    // esbuild puts the path of each module before it, relative to the repository.
    assert.doesNotMatch(text, /^\/\/ (\.\.|\/)/m, path);
  }
});

test("what the app loads late has its names: esbuild gives a late CommonJS module none", () => {
  const text = new Map(entries.map(({ path, content }) => [path, content.toString("latin1")]));
  const late = [...text.values()].flatMap((code) =>
    [...code.matchAll(/import\("\.\/([^"]+\.js)"\)/g)].map(([, name]) => `app/${name}`),
  );

  assert.ok(late.length > 5);
  for (const path of late) assert.doesNotMatch(text.get(path) ?? "", /^export default require_/m, path);
});

test("nothing that is loaded late is part of the start: neither driver, nor SDK, nor certificate library", () => {
  const text = new Map(entries.map(({ path, content }) => [path, content.toString("latin1")]));
  const early = new Set(["app/main.js"]);
  for (const path of early) {
    const imports = (text.get(path) ?? "").matchAll(/^(?:import|\} from) "\.\/([^"]+\.js)"/gm);
    for (const [, name] of imports) early.add(`app/${name}`);
  }
  const start = [...early].map((path) => text.get(path)).join("\n");

  assert.ok(early.size > 1);
  assert.match(start, /^\/\/ node_modules\/express\//m);
  assert.doesNotMatch(start, /^\/\/ node_modules\/(mysql2|@aws-sdk|@smithy|@peculiar)\//m);
});

test("the certificate is made without the library of everything about certificates, three times as slow to load", () => {
  const text = entries.map(({ content }) => content.toString("latin1")).join("\n");

  assert.match(text, /^\/\/ node_modules\/@peculiar\/asn1-x509\//m);
  assert.doesNotMatch(text, /^\/\/ node_modules\/@peculiar\/x509\//m);
});

test("another process in another time zone, with another umask, makes the same bytes", () => {
  const url = join(import.meta.dirname, "../../src/source-bundle/build.ts");
  const script = `
    process.umask(0o077);
    const { buildSourceBundle } = await import(${JSON.stringify(url)});
    process.stdout.write((await buildSourceBundle({ topology: "nlb-passthrough", mode: "cdk" })).digest);
  `;
  const env = { PATH: process.env.PATH, TZ: "Pacific/Auckland", LANG: "tr_TR.UTF-8" };
  const digest = execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd: "/", env });

  assert.equal(digest.toString(), bundle.digest);
});

test("every file has the same time, whenever it is made", () => {
  assert.deepEqual([...new Set(entries.map(({ modified }) => modified))], ["1980-01-01T00:00:00.000Z"]);
});

test("names stand in the order of their code units", () => {
  assert.deepEqual(paths, [...paths].sort());
});

test("the Procfile replaces its shell by node, so that SIGTERM reaches the app", () => {
  const procfile = entries.find(({ path }) => path === "Procfile")?.content.toString();

  // The platform takes lines of this form only.
  assert.match(procfile ?? "", /^web:\s*exec node app\/main\.js\n$/);
});

test("the manifest asks for a Node version of the platform's branch and for no packages", () => {
  const manifest = JSON.parse(
    entries.find(({ path }) => path === "package.json")?.content.toString() ?? "{}",
  );

  assert.equal(manifest.type, "module");
  assert.deepEqual(manifest.engines, { node: "24.x" });
  assert.equal(manifest.dependencies, undefined);
});

test("each topology carries its own configuration files", async () => {
  for (const topology of TOPOLOGIES.filter((name) => name !== "nlb-passthrough")) {
    const { paths: standalone } = await buildSourceBundle({ topology, mode: "standalone", app });

    assert.deepEqual(
      standalone.filter((path) => path.startsWith(".ebextensions/")).map((path) => path.slice(14)),
      [...topologyFacts[topology].standalone].sort(),
    );
  }
});
