import { Argument, type Command } from "commander";
import { exampleText } from "../command-options.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;

const EXAMPLES = ["source <(npx sealed completion bash)", "npx sealed completion fish | source"];

/** Adds `sealed completion`, and the hidden command that the shells ask. */
export function registerCompletion(program: Command): void {
  program
    .command("completion")
    .description("print what teaches a shell to complete these commands")
    .addArgument(new Argument("<shell>", "which shell").choices(SHELLS))
    .addHelpText("after", exampleText(EXAMPLES))
    .action(async (shell: (typeof SHELLS)[number]) => {
      const { printScript } = await import("../completion/complete.ts");
      printScript(program, shell);
    });
  program
    .command("complete", { hidden: true })
    .argument("[words...]")
    .allowUnknownOption()
    .action(async (words: string[]) => {
      const { printSuggestions } = await import("../completion/complete.ts");
      printSuggestions(program, words);
    });
}
