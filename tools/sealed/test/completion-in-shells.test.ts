import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { promisify } from "node:util";
import { defaultDirectory, ensureProgram } from "@sealed/servers";
import { folder, sealedProcess } from "./support/process.ts";

/** A safety net: a shell that never shows what is waited for is ended. */
const WITHIN_MS = 30_000;

const programs = {
  zsh: await ensureProgram({ dir: defaultDirectory, packageName: "zsh", path: "bin/zsh" }),
  fish: await ensureProgram({ dir: defaultDirectory, packageName: "fish", path: "usr/bin/fish" }),
};

async function scriptFor(shell: string): Promise<string> {
  const { output } = await sealedProcess(["completion", shell]);
  const file = join(folder, `completion.${shell}`);
  writeFileSync(file, output);
  return file;
}

async function run(shell: keyof typeof programs, args: readonly string[]): Promise<string> {
  const { command, args: first } = programs[shell].program;
  const env = { PATH: process.env.PATH, HOME: folder, TERM: "dumb" };
  const { stdout } = await promisify(execFile)(command, [...first, ...args], { env, timeout: WITHIN_MS });
  return stdout;
}

/** Returns what fish offers behind the words. */
async function fishOffers(words: string): Promise<string[]> {
  const ask = `source ${await scriptFor("fish")}; complete -C ${JSON.stringify(words)}`;
  const offered = await run("fish", ["--no-config", "-c", ask]);
  return offered.trimEnd().split("\n");
}

/** Returns what zsh shows on its terminal after the words and TAB, up to the pattern. */
async function zshShows(words: string, pattern: string): Promise<string> {
  const { root, program } = programs.zsh;
  const driver = join(import.meta.dirname, "support/type-into-zsh.zsh");
  const itself = [program.command, ...program.args];
  return await run("zsh", ["-f", driver, root, await scriptFor("zsh"), words, pattern, ...itself]);
}

test("fish offers commands with what they do, values of a list, and the verbs of backend-auth", async () => {
  const commands = await fishOffers("sealed de");
  const presets = await fishOffers("sealed deploy --preset ");
  const verbs = await fishOffers("sealed backend-auth ");

  assert.deepEqual(
    commands.map((line) => line.split("\t")[0]),
    ["deploy", "destroy"],
  );
  assert.match(commands[0] ?? "", /\tbuild the app, show what would change/);
  assert.deepEqual(presets.sort(), ["production", "sandbox"]);
  for (const verb of ["show", "attach", "rotate", "detach"]) {
    assert.ok(
      verbs.some((line) => line.startsWith(`${verb}\t`)),
      verb,
    );
  }
});

test("zsh shows commands with what they do", async () => {
  const shown = await zshShows("sealed de", "*deploy*destroy*");

  assert.match(shown, /deploy +-- build the app, show what would change/);
  assert.doesNotMatch(shown, /synth/);
});

test("zsh completes a command that is the only one, an option, and a value of a list", async () => {
  for (const [words, completed] of [
    ["sealed depl", "sealed deploy "],
    ["sealed deploy --end", "--endpoint-url "],
    ["sealed deploy --preset prod", "--preset production "],
    ["sealed backend-auth att", "backend-auth attach "],
  ] as const) {
    const shown = await zshShows(words, `*${completed}*`);

    assert.ok(shown.includes(completed), words);
  }
});
