import { join } from "node:path";
import tab from "@bomb.sh/tab/commander";
import { Command } from "commander";
import { REPOSITORY } from "../repository.ts";
import { shellWord } from "../shell-word.ts";

/** Name of the command that a person calls, and of the hidden one that the library's scripts call. */
const OWN_COMMANDS = ["completion", "complete"];

/** What the library's script takes from the package bash-completion, for a shell that has not loaded it. */
const BASH_WORDS = `declare -F _get_comp_words_by_ref >/dev/null || _get_comp_words_by_ref() {
    words=("\${COMP_WORDS[@]}")
    cword=$COMP_CWORD
    cur=\${COMP_WORDS[COMP_CWORD]}
    prev=\${COMP_WORDS[COMP_CWORD - 1]}
}
`;

/** Prints the script that a shell reads once. */
export function printScript(program: Command, shell: string): void {
  // By its place, so that it answers in any folder, and with this Node whatever the machine's own is.
  const call = [process.execPath, join(REPOSITORY, "tools/sealed/bin/sealed.ts")].map(shellWord).join(" ");
  if (shell === "bash") process.stdout.write(BASH_WORDS);
  completionOf(program).setup(program.name(), call, shell);
}

/** Prints what may follow the words so far, as the script reads it. */
export function printSuggestions(program: Command, words: string[]): void {
  completionOf(program).parse(words);
}

function completionOf(program: Command) {
  // The library adds commands of its own to what it is given; here they are there already, and load it when needed.
  const copy = new Command(program.name());
  for (const command of program.commands) {
    if (!OWN_COMMANDS.includes(command.name())) copy.addCommand(command);
  }
  const completion = tab(copy, { completionCommandName: "completion" });
  const own = program.commands.find((command) => command.name() === "completion");
  for (const argument of own?.registeredArguments ?? []) {
    completion.command("completion", own?.description() ?? "").argument(argument.name(), (complete) => {
      for (const shell of argument.argChoices ?? []) complete(shell, "");
    });
  }
  return completion;
}
