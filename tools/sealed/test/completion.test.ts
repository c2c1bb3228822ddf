import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test from "node:test";
import { sealedProcess } from "./support/process.ts";

async function suggestions(...words: string[]): Promise<string[]> {
  const { exitCode, output, errors } = await sealedProcess(["complete", "--", ...words]);
  assert.equal(exitCode, 0);
  assert.equal(errors, "");
  // The last line tells the shell what to do with the others.
  return output
    .trimEnd()
    .split("\n")
    .slice(0, -1)
    .map((line) => line.split("\t")[0] ?? "");
}

test("commands are completed, and the one that only shells ask is not among them", async () => {
  const commands = await suggestions("");

  for (const command of ["deploy", "destroy", "completion"]) assert.ok(commands.includes(command));
  assert.ok(!commands.includes("complete"));
  assert.deepEqual(await suggestions("dep"), ["deploy"]);
});

test("options are completed, and the values of those that have a list", async () => {
  assert.deepEqual(await suggestions("deploy", "--end"), ["--endpoint-url"]);
  assert.deepEqual(await suggestions("deploy", "--preset", ""), ["sandbox", "production"]);
  assert.deepEqual(await suggestions("completion", ""), ["bash", "zsh", "fish"]);
});

for (const shell of ["bash", "zsh", "fish"]) {
  test(`the script for ${shell} asks this program, wherever the shell is`, async () => {
    const { exitCode, output } = await sealedProcess(["completion", shell]);

    assert.equal(exitCode, 0);
    assert.ok(output.includes(`${process.execPath} `));
    assert.match(output, /\/tools\/sealed\/bin\/sealed\.ts/);
  });
}

test("another shell is refused with what there is", async () => {
  const { exitCode, errors } = await sealedProcess(["completion", "tcsh"]);

  assert.equal(exitCode, 2);
  assert.match(errors, /Allowed choices are bash, zsh, fish/);
});

for (const [where, words] of [
  ["that has the package bash-completion", "_get_comp_words_by_ref() { cur=d; words=(sealed d); cword=1; }"],
  ["without that package", "COMP_WORDS=(sealed d); COMP_CWORD=1"],
] as const) {
  test(`bash ${where} completes a command with the script`, async () => {
    const { output: script } = await sealedProcess(["completion", "bash"]);

    const ask = `__sealed_complete; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync("bash", ["-c", `${script}\n${words}\n${ask}`], { encoding: "utf8" });

    assert.match(stdout, /^deploy\b/m, stderr);
    assert.match(stdout, /^destroy\b/m);
    assert.doesNotMatch(stdout, /^synth/m);
  });
}
