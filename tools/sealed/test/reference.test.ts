import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { REPOSITORY } from "../src/repository.ts";
import { sealed } from "./support/harness.ts";

const OPTION = /--[a-z][a-z-]+/g;

/** Commands that share a page; every other one has a page of its name. */
const PAGES = new Map([
  ["diff", "deploy"],
  ["synth", "deploy"],
  ["destroy", "deploy"],
]);

/** What is quoted of other programs: their options are theirs. */
const FOREIGN_LINE = /^\s*(?:run:|\$) (?!npx (?:sealed|turbo)\b|sealed\b).*$/gm;
const FOREIGN_CODE = /`(?:aws|curl|node|npm|openssl) [^`]*`/g;

/** A command and those below it, each as it is typed. */
interface Help {
  command: string;
  options: string[];
  examples: string[];
}

async function helpOf(command: string): Promise<Help[]> {
  const { exitCode, output } = await sealed(`${command} --help`.trim());
  assert.equal(exitCode, 0);
  const [text = "", examples = ""] = output.split("Example:\n");
  const [, list = ""] = text.split("Commands:\n");
  const below: Help[] = [];
  for (const [, name = ""] of list.matchAll(/^ {2}([a-z][a-z-]*)/gm)) {
    if (name !== "help") below.push(...(await helpOf(`${command} ${name}`.trim())));
  }
  const own: Help = {
    command,
    // A group's examples are those of what is below it.
    options: [...text.matchAll(OPTION)]
      .map(([option]) => option)
      .concat(below.flatMap(({ options }) => options)),
    examples: [...examples.matchAll(/\$ (.+)$/gm)].map(([, example = ""]) => example),
  };
  return command === "" ? below : [own, ...below];
}

const commands = await helpOf("");

const pageOf = ({ command }: Help) => {
  const [first = ""] = command.split(" ");
  return PAGES.get(first) ?? first;
};

for (const [page, helps = []] of Map.groupBy(commands, pageOf)) {
  test(`docs/reference/${page}.md has every option of its commands, and no other`, () => {
    const file = join(REPOSITORY, `docs/reference/${page}.md`);
    assert.ok(existsSync(file), `docs/reference/${page}.md is missing`);
    const text = readFileSync(file, "utf8").replaceAll(FOREIGN_LINE, "").replaceAll(FOREIGN_CODE, "");
    const named = [...text.matchAll(OPTION)].map(([option]) => option);
    const options = helps.flatMap((help) => help.options);

    assert.deepEqual([...new Set(named)].sort(), [...new Set(options)].sort());
    for (const { command } of helps) assert.match(text, new RegExp(`\\b${command}\\b`));
  });
}

for (const { command, options, examples } of commands) {
  test(`sealed ${command} --help has an example, which uses no option that it lacks`, () => {
    const [first = ""] = command.split(" ");

    assert.ok(examples.length > 0);
    for (const example of examples) {
      assert.match(example, new RegExp(`npx (?:turbo|sealed) ${first}\\b`));
      for (const [option] of example.matchAll(OPTION)) assert.ok(options.includes(option), option);
    }
  });
}

test("the reference covers the commands that deploy and those that operate", () => {
  const names = commands.map(({ command }) => command);

  for (const name of ["deploy", "diff", "synth", "destroy", "completion"]) assert.ok(names.includes(name));
});
