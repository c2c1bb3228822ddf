import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { writeKeyringFile } from "../../src/database/aws-files.ts";
import { defaultDirectory } from "../../src/directory.ts";
import { compilePlugin, compileTokenChecker } from "../../src/packages/build-plugin.ts";
import { runCommand } from "../../src/packages/command.ts";
import { compileWithTcc, findCompiler } from "../../src/packages/compiler.ts";
import { ensurePrograms } from "../../src/packages/index.ts";
import { openTree, type PackageTree } from "../../src/packages/tree.ts";
import { badTokens } from "../database/bad-tokens.ts";
import { signToken } from "../database/token.ts";

const MUTANTS = 5_000;
// ELF: https://man7.org/linux/man-pages/man5/elf.5.html
const PT_GNU_STACK = 0x6474e551;
const READABLE_AND_WRITABLE = 6;

let folder: string;
let tree: PackageTree;
let keyring: string;

const credentials = (accessKeyId: string) => ({
  accessKeyId,
  secretAccessKey: randomBytes(30).toString("base64"),
});
const target = {
  endpoint: "localhost:3306",
  user: "app",
  permanent: credentials("AKIASANDBOXPERMANENT"),
  temporary: {
    ...credentials("ASIASANDBOXTEMPORARY"),
    sessionToken: randomBytes(2_700).toString("base64"),
  },
};
const good = () => signToken({ ...target, credentials: target.permanent });

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sealed-compile-"));
  keyring = join(folder, "keyring");
  const { baseFolder } = await ensurePrograms({ dir: defaultDirectory });
  tree = await openTree(dirname(baseFolder));
  const entry = { region: "eu-west-1", endpoint: target.endpoint, users: ["migrator", target.user] };
  await writeKeyringFile(keyring, [
    { ...target.permanent, ...entry },
    { ...target.temporary, ...entry },
  ]);
});

after(() => rm(folder, { recursive: true, force: true }));

/** Returns the sentence for each token; they must not hold a line break. */
async function judge(checker: string, tokens: readonly string[]): Promise<string[]> {
  const seconds = Math.floor(Date.now() / 1_000);
  const { command, args } = tree.loader;
  const output = await runCommand(command, [...args, checker, target.user, keyring, String(seconds)], {
    input: `${tokens.join("\n")}\n`,
  });
  return output.trimEnd().split("\n");
}

/** Returns the flags that a 64-bit ELF file wants for its stack, or undefined when it says nothing of it. */
function stackFlags(elf: Buffer): number | undefined {
  const headers = Number(elf.readBigUInt64LE(0x20));
  const size = elf.readUInt16LE(0x36);
  for (let index = 0; index < elf.readUInt16LE(0x38); index++) {
    const at = headers + index * size;
    if (elf.readUInt32LE(at) === PT_GNU_STACK) return elf.readUInt32LE(at + 4);
  }
  return undefined;
}

test("the plugin compiles for both servers without a warning", async () => {
  const compile = await findCompiler();
  for (const server of ["mysql", "mariadb"] as const) {
    await compilePlugin(compile, tree, server, join(folder, `${server}.so`), { warningsAreErrors: true });
  }
});

test("the plugin compiles on a machine without a C compiler, and asks for no executable stack", async () => {
  const file = join(folder, "tcc.so");

  await compilePlugin(compileWithTcc, tree, "mysql", file);

  assert.equal(stackFlags(await readFile(file)), READABLE_AND_WRITABLE);
});

for (const [name, find] of [
  ["the machine's compiler", findCompiler],
  ["the unpacked compiler", async () => compileWithTcc],
] as const) {
  test(`built with ${name}, it tells good tokens from every kind of bad one`, async () => {
    const checker = join(folder, name.replaceAll(" ", "-"));
    await compileTokenChecker(await find(), tree, checker);
    const bad = badTokens(target);
    const goodOnes = [good(), signToken({ ...target, credentials: target.temporary })];

    const sentences = await judge(checker, [...goodOnes, ...bad.map(({ token }) => token)]);

    assert.deepEqual(
      sentences.slice(0, goodOnes.length),
      goodOnes.map(() => "the token is good"),
    );
    for (const [index, { name: kind, sentence }] of bad.entries()) {
      const said = sentences[goodOnes.length + index];
      assert.ok(said?.includes(sentence), `${kind}: ${said}`);
    }
  });
}

test("no change of a byte makes a bad token good, and none ends the program", async () => {
  const checker = join(folder, "fuzzed");
  await compileTokenChecker(await findCompiler(), tree, checker);
  const token = good();
  const bytes = randomBytes(MUTANTS * 3);
  const mutants = Array.from({ length: MUTANTS }, (_, index) => {
    const at = bytes.readUInt16LE(index * 3) % token.length;
    // Printable, and never the character that stands there.
    const code = 33 + ((bytes[index * 3 + 2] ?? 0) % 94);
    const other = String.fromCharCode(code === token.charCodeAt(at) ? 33 : code);
    const kind = index % 3;
    if (kind === 0) return token.slice(0, at);
    return token.slice(0, at) + other + token.slice(kind === 1 ? at : at + 1);
  });

  const sentences = await judge(checker, mutants);

  assert.equal(sentences.length, MUTANTS);
  // The hex digits of a percent escape have no case: "%2f" says the same as "%2F".
  const accepted = mutants.filter(
    (mutant, index) =>
      sentences[index] === "the token is good" && mutant.toLowerCase() !== token.toLowerCase(),
  );
  assert.equal(accepted.length, 0);
});
