import type { Command, CommanderError } from "commander";
import { SealedError } from "./errors.ts";

/** What commander calls showing help in place of work, because a command is missing or is none of those there are. */
const NO_COMMAND = "commander.help";

/**
 * Makes a command, and all below it, throw what was wrong with its arguments in words that name what is allowed and
 * the help of the very command that was called. Call it when all commands are there.
 *
 * @param call - What a person types to get to the command.
 */
export function explainUsage(command: Command, call: string): void {
  // Said once, by whoever prints errors, and not by commander too.
  command
    .configureOutput({ ...command.configureOutput(), outputError: () => undefined })
    .exitOverride((error) => {
      // Help that was asked for is no error.
      throw error.exitCode === 0 ? error : usageError(error, command, call);
    });
  for (const below of command.commands) explainUsage(below, `${call} ${below.name()}`);
}

function usageError(error: CommanderError, command: Command, call: string): SealedError {
  return new SealedError("SEALED_ARGUMENTS_INVALID", usageMessage(error, command), {
    mend: [`${call} --help`],
    cause: error,
  });
}

function usageMessage({ code, message }: CommanderError, command: Command): string {
  const said = message.replace(/^error: /, "").replace(/\n(?=\(Did you mean)/, " ");
  if (code === NO_COMMAND) return `name a command, one of: ${namesBelow(command)}`;
  if (code === "commander.unknownCommand") return `${said}, allowed: ${namesBelow(command)}`;
  const isAhead = code === "commander.unknownOption" && command.commands.length > 0;
  return isAhead ? `${said}: options stand behind the command` : said;
}

function namesBelow(command: Command): string {
  const visible = command.createHelp().visibleCommands(command);
  return visible.flatMap((below) => (below.name() === "help" ? [] : below.name())).join(", ");
}
