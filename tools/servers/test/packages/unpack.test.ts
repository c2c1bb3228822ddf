import assert from "node:assert/strict";
import { access, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { type UnpackOptions, unpackPackages } from "../../src/packages/unpack.ts";
import { expireRepository, makeRepository } from "./repository.ts";

let folder: string;
let repository: string;
let target: string;
let count = 0;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sealed-unpack-"));
  repository = join(folder, "repository");
  await makeRepository(repository, [
    { name: "database-core", depends: "database-library, perl-test" },
    { name: "database-library" },
    { name: "perl-test" },
    { name: "balancer" },
  ]);
});

after(() => rm(folder, { recursive: true, force: true }));

const options = (changes: Partial<UnpackOptions> = {}): UnpackOptions => ({
  source: {
    suite: "test",
    // A repository in a folder that the test itself made has no signature; "trusted" lets apt take it all the same.
    sources: [`deb [trusted=yes] copy:${repository} ./`],
    serverPackages: ["database-core-2.0", "database-core"],
  },
  packages: ["balancer"],
  progress: () => undefined,
  ...changes,
});

const nextTarget = () => {
  target = join(folder, `target-${++count}`);
  return target;
};

test("unpacks packages with what they depend on, and keeps no archive", async () => {
  const lines: string[] = [];

  await unpackPackages(nextTarget(), options({ progress: (line) => lines.push(line) }));

  const unpacked = await readdir(join(target, "root", "usr", "share"));
  assert.deepEqual(unpacked.sort(), ["balancer", "database-core", "database-library"]);
  assert.deepEqual((await readdir(target)).sort(), ["packages.txt", "root"]);
  assert.match(lines.join("\n"), /reading what "test" has\n(.*\n)*unpacking 3 packages/);
});

test("never takes an interrupted unpacking for a whole one, and starts afresh after it", async () => {
  const interrupt = new AbortController();
  const progress = (line: string) => {
    if (line.startsWith("unpacking")) interrupt.abort();
  };

  const attempt = unpackPackages(nextTarget(), options({ progress, signal: interrupt.signal }));

  await assert.rejects(attempt, { name: "AbortError" });
  await assert.rejects(access(target), { code: "ENOENT" });
  await unpackPackages(target, options());
  assert.deepEqual(await readdir(join(target, "root")), ["usr"]);
  const left = (await readdir(folder)).filter((name) => name.startsWith(`${basename(target)}.`));
  assert.deepEqual(left, []);
});

test("refuses a repository without a signature", async () => {
  const source = { ...options().source, sources: [`deb copy:${repository} ./`] };

  await assert.rejects(unpackPackages(nextTarget(), options({ source })), {
    code: "SERVERS_PACKAGES_UNAVAILABLE",
  });
  await assert.rejects(access(target), { code: "ENOENT" });
});

test("refuses one also on a machine whose own apt takes anything", async () => {
  const careless = join(folder, "careless.conf");
  const settings = [
    'APT::Get::AllowUnauthenticated "true";',
    'Acquire::AllowInsecureRepositories "true";',
    'Acquire::AllowWeakRepositories "true";',
    'Acquire::AllowDowngradeToInsecureRepositories "true";',
  ];
  await writeFile(careless, settings.join("\n"));
  const source = { ...options().source, sources: [`deb copy:${repository} ./`] };
  process.env.APT_CONFIG = careless;

  const attempt = unpackPackages(nextTarget(), options({ source }));

  await assert.rejects(attempt, { code: "SERVERS_PACKAGES_UNAVAILABLE" }).finally(() => {
    delete process.env.APT_CONFIG;
  });
});

test("refuses a package that is not the one in the index", async () => {
  const archive = join(repository, "balancer_1.0_all.deb");
  const bytes = await readFile(archive);
  await writeFile(archive, Buffer.concat([bytes, Buffer.from("x")]));

  const attempt = unpackPackages(nextTarget(), options());

  await assert.rejects(attempt, { code: "SERVERS_PACKAGES_UNAVAILABLE" });
  await writeFile(archive, bytes);
});

test("says which packages it looked for when the suite has none of them", async () => {
  const source = { ...options().source, serverPackages: ["no-such-database"] };

  await assert.rejects(unpackPackages(nextTarget(), options({ source })), {
    code: "SERVERS_PACKAGES_UNAVAILABLE",
    message: '"test" has none of the packages no-such-database',
  });
});

test("takes the packages of a mirror that is behind, and says so", async () => {
  const behind = join(folder, "behind");
  await makeRepository(behind, [{ name: "database-core" }, { name: "balancer" }]);
  await expireRepository(behind);
  const source = { ...options().source, sources: [`deb [trusted=yes] copy:${behind} ./`] };
  const lines: string[] = [];

  await unpackPackages(nextTarget(), options({ source, progress: (line) => lines.push(line) }));

  assert.ok(lines.some((line) => line.startsWith("the date of the mirror's index")));
  await access(join(target, "root", "usr", "share", "database-core", "file"));
});
