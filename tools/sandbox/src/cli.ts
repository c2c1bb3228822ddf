import type { Writable } from "node:stream";
import { createReporter, type Terminal } from "@sealed/console";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { exitCodeFor, explain } from "./errors.ts";
import { MOST_INSTANCES, SERVER_KINDS, type StartOptions, TOPOLOGIES } from "./options.ts";
import { runDetached } from "./run-detached.ts";
import { runReset } from "./run-reset.ts";
import { type CommandContext, runStart } from "./run-start.ts";
import { runStop } from "./run-stop.ts";

/** What the command line is connected to. */
export interface CliContext extends Omit<CommandContext, "reporter"> {
  terminal: Terminal;
  errors: Writable;
  /** The file to run, with arguments of its own, that calls `runCli` in another process. */
  entry: readonly string[];
  /** What that process gets as its environment. */
  detachedEnvironment: NodeJS.ProcessEnv;
}

/**
 * Runs one command and returns its exit code: 0 all well, 1 it did not work out, 2 wrong arguments, 3 the machine
 * does not offer what is needed.
 */
export async function runCli(args: readonly string[], context: CliContext): Promise<number> {
  let exitCode = 0;
  const program = createProgram(context, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    // Commander has said by itself what was wrong; asking for help is no error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    context.errors.write(`error: ${explain(error)}\n`);
    return exitCodeFor(error);
  }
}

function createProgram(context: CliContext, setExitCode: (code: number) => void): Command {
  const { terminal, errors, paths } = context;
  const say = (text: string) => void terminal.output.write(`${text}\n`);
  const program = new Command("sandbox")
    .description("Runs the whole encrypted path on this machine: load balancer, app, database.")
    .configureOutput({
      writeOut: (text) => void terminal.output.write(text),
      writeErr: (text) => void errors.write(text),
    })
    .exitOverride();
  startCommand(program).action(async (options: StartOptions) => {
    const commandContext = { ...context, reporter: await createReporter(terminal) };
    if (!options.detach) return await runStart(options, commandContext);
    const command = { args: [...context.entry, ...attached(options)], env: context.detachedEnvironment };
    setExitCode((await runDetached(options, commandContext, command)) ?? 0);
  });
  program
    .command("stop")
    .description("end what npm start has started")
    .action(async () => {
      const url = await runStop(paths);
      say(url === undefined ? "nothing is running" : `stopped ${url}`);
    });
  program
    .command("reset")
    .description("remove everything that npm start has made, the data too")
    .action(async () => {
      await runReset(paths);
      say(`removed ${paths.directory}`);
    });
  return program;
}

function startCommand(program: Command): Command {
  const topology = new Option("--topology <name>", "which load balancer stands in front of the app");
  const server = new Option(
    "--server <name>",
    "database server (default: mysql, or mariadb where it cannot be had)",
  );
  return program
    .command("start")
    .description("bring the path up and stay until Ctrl-C")
    .addOption(topology.choices(TOPOLOGIES).default(TOPOLOGIES[0]))
    .option("--instances <count>", "instances of the app", integerBetween(1, MOST_INSTANCES), 1)
    .option("--port <port>", "port of the load balancer", integerBetween(1, 65_535), 8443)
    .addOption(server.choices(SERVER_KINDS))
    .option("--detach", "return when the path is ready; npm run stop ends it", false)
    .option("--lesson", "allow the topology that leaves a hop open", false);
}

function integerBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

function attached({ topology, instances, port, server, lesson }: StartOptions): string[] {
  return [
    "start",
    `--topology=${topology}`,
    `--instances=${instances}`,
    `--port=${port}`,
    ...(server === undefined ? [] : [`--server=${server}`]),
    ...(lesson ? ["--lesson"] : []),
  ];
}
