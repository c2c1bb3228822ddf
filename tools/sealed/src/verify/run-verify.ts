import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { CommandContext, Outcome } from "../context.ts";
import { REPOSITORY } from "../repository.ts";
import { type Evidence, evidenceOf } from "./document.ts";
import { subjectOf, type VerifyOptions } from "./options.ts";
import type { Target } from "./target.ts";
import { addressTarget } from "./targets/address.ts";
import { readSandbox, type SandboxState, sandboxTarget } from "./targets/sandbox.ts";
import { verdictLines } from "./text.ts";
import { exitCodeOf, judgePath, type Verdict } from "./verdict.ts";
import { verifyPath } from "./verify-path.ts";

/** Verifies every hop of a running path, and says of each what was seen and what was promised. */
export async function runVerify(given: VerifyOptions, context: CommandContext): Promise<Outcome> {
  const options = withWholePaths(given, context);
  const sandbox = await readSandbox(context.sandboxDirectory);
  const subject = subjectOf(options, sandbox !== undefined);
  if (subject === "deployment" && !options.deployed && sandbox === undefined) {
    context.reporter.line("no sandbox runs in this clone (npm start begins one): looking at the deployment");
  }
  const report = options.report === undefined ? undefined : await openReport(options.report);
  const looked =
    subject === "deployment"
      ? await lookAtDeployment(options, context)
      : await lookAtTarget(await targetOf(subject, options, sandbox), context);
  const { system } = context;
  const evidence = evidenceOf({ ...looked, now: system.now(), version: await ownVersion() });
  await report?.write(evidence);
  return outcome(looked, evidence, report?.path, context.hasColor);
}

function withWholePaths(options: VerifyOptions, { workingDirectory }: CommandContext): VerifyOptions {
  const { ca, report } = options;
  return {
    ...options,
    ...(ca !== undefined && { ca: resolve(workingDirectory, ca) }),
    ...(report !== undefined && { report: resolve(workingDirectory, report) }),
  };
}

/** What was looked at, and what came of it. */
interface Looked {
  target: Target;
  verdict: Verdict;
  reports: Evidence["reports"];
  identity?: string | undefined;
}

async function targetOf(
  subject: "url" | "sandbox",
  options: VerifyOptions,
  sandbox: SandboxState | undefined,
): Promise<Target> {
  return subject === "url" ? await addressTarget(options) : await sandboxTarget(sandbox, options);
}

async function lookAtTarget(target: Target, { reporter, signal, system }: CommandContext): Promise<Looked> {
  const path = await reporter.step(`look at ${target.url.href}`, () =>
    verifyPath(target, signal, system.now()),
  );
  return { target, verdict: judgePath(path.topology, path.checks), reports: path.reports };
}

/** Loaded only here: a path that is no deployment needs no client of AWS. */
async function lookAtDeployment(options: VerifyOptions, context: CommandContext): Promise<Looked> {
  const { readDeployment } = await import("../deployment/read-deployment.ts");
  const { guardAccount } = await import("../deployment/account-guard.ts");
  const { verifyDeployment } = await import("./verify-deployment.ts");
  const deployment = await readDeployment(options, context);
  const identity = await guardAccount(deployment, context);
  const { ca, probeInstances } = options;
  return { ...(await verifyDeployment(deployment, context, { ca, probeInstances })), identity };
}

async function openReport(file: string) {
  const { reportFile } = await import("./report/report-file.ts");
  return await reportFile(file);
}

async function ownVersion(): Promise<string> {
  const text = await readFile(join(REPOSITORY, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

function outcome(
  { verdict, target }: Looked,
  evidence: Evidence,
  report: string | undefined,
  hasColor: boolean,
): Outcome {
  return {
    exitCode: exitCodeOf(verdict),
    summary: [
      ...verdictLines(verdict, target.url.href, hasColor),
      ...(report === undefined ? [] : [`report  ${report}`]),
    ],
    document: { ...evidence, ...(report !== undefined && { report }) },
  };
}
