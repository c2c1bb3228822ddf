import type { Writable } from "node:stream";
import { createReporter, type Terminal } from "@sealed/console";
import { Command, CommanderError } from "commander";
import { checkEndpointUrl, explainEndpoint } from "./aws/endpoint-url.ts";
import { toSealedError } from "./aws/explain-error.ts";
import { explainProxy } from "./aws/explain-proxy.ts";
import { explainProfile } from "./aws/missing-profile.ts";
import { checkRegion } from "./aws/region-name.ts";
import { type CommonOptions, exampleText, type Run } from "./command-options.ts";
import { registerAudit } from "./commands/audit.ts";
import { registerBackendAuth } from "./commands/backend-auth.ts";
import { registerCompletion } from "./commands/completion.ts";
import { registerCost } from "./commands/cost.ts";
import { registerDeploy } from "./commands/deploy.ts";
import { registerDestroy } from "./commands/destroy.ts";
import { registerDiff } from "./commands/diff.ts";
import { registerDoctor } from "./commands/doctor.ts";
import { registerLockdown } from "./commands/lockdown.ts";
import { registerStatus } from "./commands/status.ts";
import { registerSynth } from "./commands/synth.ts";
import { registerVerify } from "./commands/verify.ts";
import type { CommandContext, Outcome } from "./context.ts";
import { exitCodeFor, explain, SealedError } from "./errors.ts";
import type { Environment } from "./system.ts";
import { typedAgain } from "./typed-again.ts";
import { explainUsage } from "./usage-errors.ts";

const COMMANDS = [
  registerDoctor,
  registerCost,
  registerDeploy,
  registerDiff,
  registerSynth,
  registerStatus,
  registerDestroy,
  registerVerify,
  registerAudit,
  registerLockdown,
  registerBackendAuth,
  registerCompletion,
];

/** The others look at AWS, and whoever stops one need not ask what it has changed. */
const CHANGING: readonly (typeof registerDeploy)[] = [
  registerDeploy,
  registerDestroy,
  registerLockdown,
  registerBackendAuth,
];

/** What the command line is connected to. */
export interface CliContext extends Omit<CommandContext, "reporter" | "hasColor" | "call"> {
  terminal: Terminal;
  errors: Writable;
}

/**
 * Runs one command and returns its exit code: 0 all well, 1 the verdict is negative, 2 wrong arguments or settings,
 * 3 AWS could not be reached or used, 128 and the number of the signal that stopped it.
 *
 * With `--json` standard output gets one document and nothing else; what a person reads goes to standard error.
 */
export async function runCli(args: readonly string[], context: CliContext): Promise<number> {
  const print = args.includes("--json") ? jsonPrinter(context) : textPrinter(context);
  let exitCode = 0;
  const program = createProgram(context, async (options, work, changesAws) => {
    checkRegion(options, context.environment);
    const warning = options.endpointUrl === undefined ? undefined : checkEndpointUrl(options.endpointUrl);
    const reporter = await createReporter(print.terminal, { progressLines: false });
    if (warning !== undefined) reporter.line(warning);
    try {
      const call = typedAgain(args);
      const outcome = await work({ ...context, reporter, hasColor: print.terminal.hasColor, call });
      exitCode = outcome.exitCode;
      print.outcome(outcome);
    } catch (error) {
      if (context.signal.aborted && isAbort(error)) throw stopped(changesAws, error);
      throw await explained(error, options, context.environment);
    }
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    // Asking for help ends that way too.
    if (error instanceof CommanderError) return 0;
    context.errors.write(`error: ${explain(error)}\n`);
    const failed = exitCodeFor(error, context.signal);
    print.document(failure(error, failed));
    return failed;
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

/** Only questions to AWS are stopped in the middle. */
function stopped(changesAws: boolean, cause: unknown): SealedError {
  const says = changesAws
    ? "stopped before anything was changed in AWS"
    : "stopped before its end; this command only looks, and changes nothing in AWS";
  return new SealedError("SEALED_INTERRUPTED", says, { cause });
}

async function explained(error: unknown, options: CommonOptions, environment: Environment): Promise<unknown> {
  const known = explainProxy(toSealedError(error, options), environment);
  const located = await explainEndpoint(known, environment);
  return await explainProfile(located, options.profile, environment);
}

function createProgram({ terminal, errors }: CliContext, start: Start): Command {
  const program = new Command("sealed")
    .description("Deploys and operates the sealed environment.")
    .addHelpText("after", exampleText(["npx sealed doctor", "npx sealed verify --help"]))
    .configureOutput({
      writeOut: (text) => void terminal.output.write(text),
      writeErr: (text) => void errors.write(text),
    });
  for (const register of COMMANDS) {
    const changesAws = CHANGING.includes(register);
    const run: Run = (work) => (options) => start(options, (context) => work(options, context), changesAws);
    register(program, run);
  }
  explainUsage(program, "npx sealed");
  return program;
}

type Start = (
  options: CommonOptions,
  work: (context: CommandContext) => Promise<Outcome>,
  changesAws: boolean,
) => Promise<void>;

interface Printer {
  terminal: Terminal;
  outcome(outcome: Outcome): void;
  document(document: object): void;
}

function textPrinter({ terminal }: CliContext): Printer {
  return {
    terminal,
    outcome: ({ summary }) => void terminal.output.write(summary.map((line) => `${line}\n`).join("")),
    document: () => undefined,
  };
}

function jsonPrinter({ terminal, errors }: CliContext): Printer {
  const document = (value: object) => void terminal.output.write(`${JSON.stringify(value, null, 2)}\n`);
  return {
    terminal: { output: errors, isInteractive: false, hasColor: false },
    outcome: (outcome) => document({ exitCode: outcome.exitCode, ...outcome.document }),
    document,
  };
}

function failure(error: unknown, exitCode: number): object {
  if (!(error instanceof SealedError)) return { exitCode, error: { message: String(error) } };
  const { code, message, mend } = error;
  return { exitCode, error: { code, message, mend } };
}
