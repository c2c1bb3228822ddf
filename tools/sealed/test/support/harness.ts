import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { after } from "node:test";
import type { DeploymentSettings } from "@sealed/infra/config";
import { runCli } from "../../src/cli.ts";
import type { ChildProgram, ChildResult } from "../../src/system.ts";
import { writeAssembly } from "./assembly.ts";
import { writeVariants } from "./cost-templates.ts";
import { goodMachine } from "./machine.ts";
import { verifiedAs } from "./verified.ts";
import { ACCOUNT, REGION, type World } from "./world.ts";

const settings: DeploymentSettings = {
  account: ACCOUNT,
  region: REGION,
  preset: "sandbox",
  topology: "alb-reencrypt",
};

const NOW = new Date("2026-11-22T10:00:00Z");

/** What a command did. */
export interface Ran {
  exitCode: number;
  output: string;
  errors: string;
  /** Programs that were started: the last part of their path, and their arguments. */
  programs: string[];
}

const directory = mkdtempSync(join(tmpdir(), "sealed-cli-"));
after(() => rmSync(directory, { recursive: true }));
let runs = 0;

/** Runs a command of the real command line in a world of fakes. */
export async function sealed(args: string, world: World = {}): Promise<Ran> {
  const output = capture();
  const errors = capture();
  const programs: string[] = [];
  const assemblyDirectory = join(directory, String(++runs));
  const exitCode = await runCli(args === "" ? [] : args.split(" "), {
    terminal: { output: output.stream, isInteractive: false, hasColor: false },
    errors: errors.stream,
    environment: world.environment ?? {},
    workingDirectory: world.workingDirectory ?? process.cwd(),
    assemblyDirectory,
    sandboxDirectory: world.sandboxDirectory ?? join(directory, "no-sandbox"),
    verifyDeployment: world.verifyDeployment ?? verifiedAs("sealed"),
    signal: world.signal ?? new AbortController().signal,
    loadSettings: async () => ({ ...settings, ...world.settings }),
    system: {
      runNode: async (program) => {
        programs.push(`${program.file.split("/").slice(-2).join("/")} ${program.args.join(" ")}`);
        const answer = await run(program, world);
        const lines = (answer.output ?? "").split("\n");
        for (const line of lines) program.onLine?.(line);
        return { exitCode: 0, output: "", tail: lines, ...answer };
      },
      pause: async () => {
        // A turn of the event loop, in which what is going on can go on.
        await new Promise((resolve) => setImmediate(resolve));
        world.onPause?.();
      },
      download: async (url) => world.download?.(url) ?? "",
      now: () => world.now ?? NOW,
      serverDate: async (url) => (world.serverDate ?? (() => world.now ?? NOW))(url),
      credentialsEnd: async () => world.credentialsEnd?.(),
      askApp: async (url) => world.askApp?.(url) ?? { status: 404, body: "" },
      machine: async () => ({ ...goodMachine, ...world.machine }),
    },
  });
  return { exitCode, output: output.text(), errors: errors.text(), programs };
}

function run(program: ChildProgram, world: World): Promise<Partial<ChildResult>> | Partial<ChildResult> {
  const [verb] = program.args;
  if (program.file.endsWith("bin/cdk")) {
    if (verb === "diff") return (world.diff ?? noDifference)(program);
    return (world.deploy ?? (() => ({})))(program);
  }
  if (program.file.endsWith("infra/bin/templates.ts")) return writeVariants(program, world);
  const outdir = program.environment.CDK_OUTDIR;
  if (outdir !== undefined) writeAssembly(outdir, world);
  return {};
}

/** What `cdk diff` says when nothing differs. */
function noDifference(): Partial<ChildResult> {
  return {
    output: "Stack sealed-sandbox-web\nThere were no differences\n✨  Number of stacks with differences: 0",
  };
}

function capture(): { stream: Writable; text: () => string } {
  let text = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  return { stream, text: () => text };
}

/** Returns an error as an AWS client throws it. */
export function awsError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
