import { mkdir, rm } from "node:fs/promises";
import type { Reporter } from "@sealed/console";
import {
  ensurePrograms,
  type IssuedCertificate,
  type LoadBalancer,
  type PrivateCa,
  type Programs,
  privateCa,
} from "@sealed/servers";
import { DATABASE_NAME, DATABASE_USERS } from "./app-environment.ts";
import { type InstanceCertificate, instanceCertificate } from "./certificates.ts";
import { type InstancePlan, planInstances } from "./instances.ts";
import type { StartOptions } from "./options.ts";
import type { Parts } from "./parts.ts";
import type { SandboxPaths } from "./paths.ts";
import { drawPicture } from "./picture.ts";
import { checkPort } from "./port-check.ts";
import { prepareNotebook } from "./prepare-database.ts";
import { type ReadinessQuestion, untilReady } from "./readiness.ts";
import { addBalancer, addDatabase, addInstances } from "./start-parts.ts";
import type { SandboxState } from "./state.ts";

/** What all steps of one start share. */
export interface StartContext {
  options: StartOptions;
  paths: SandboxPaths;
  /** Holds the unpacked packages and the database template, which several sandboxes may share. */
  packagesDir: string;
  workingDirectory: string;
  reporter: Reporter;
  parts: Parts;
  /** Aborted when the start shall be given up. */
  signal: AbortSignal;
}

/** What must be there before any part can start. */
export interface Foundation {
  programs: Programs;
  ca: PrivateCa;
  /** What clients of the load balancer see. */
  front: IssuedCertificate;
  /** What the instances serve, where they do not make their own. */
  certificate?: InstanceCertificate;
  plans: InstancePlan[];
}

/** Returns the public address of a sandbox. */
export function publicUrl({ port }: Pick<StartOptions, "port">): string {
  return `https://localhost:${port}`;
}

/**
 * Brings the whole path up, each part as soon as what it needs is there, and returns once it answers over TLS.
 * The parts are added to `context.parts`; whoever calls closes them, after a failure too.
 */
export async function startSandbox(context: StartContext): Promise<SandboxState> {
  const foundation = await layFoundation(context);
  context.reporter.line(picture(context, foundation));
  context.signal.throwIfAborted();
  const [loadBalancer, { database, instances }] = await allOrFirstError([
    addBalancer(context, foundation),
    startBehind(context, foundation),
  ]);
  await context.reporter.step("first answer over verified TLS", () =>
    Promise.race([untilReady(question(context, foundation, loadBalancer)), context.parts.failure]),
  );
  return {
    url: publicUrl(context.options),
    topology: context.options.topology,
    caFile: foundation.ca.caFile,
    instances,
    database: {
      host: database.host,
      port: database.port,
      name: DATABASE_NAME,
      users: DATABASE_USERS,
      adminSocket: database.adminSocket,
    },
    loadBalancer:
      loadBalancer === undefined ? null : { pid: loadBalancer.pid, statsSocket: loadBalancer.statsSocket },
    aws: { credentialsFile: database.credentialsFile, profile: database.profile, region: database.region },
  };
}

function question(
  { options, signal }: StartContext,
  { ca, plans }: Foundation,
  loadBalancer: LoadBalancer | undefined,
): ReadinessQuestion {
  const question = { port: options.port, caPem: ca.certificatePem, signal };
  if (loadBalancer === undefined) return question;
  const areAllInService = async () => (await loadBalancer.healthyInstances()).length === plans.length;
  return { ...question, areAllInService };
}

async function layFoundation(context: StartContext): Promise<Foundation> {
  const { options, paths, packagesDir, reporter, signal } = context;
  await checkPort(options.port);
  await rm(paths.run, { recursive: true, force: true });
  await Promise.all([mkdir(paths.run, { recursive: true }), mkdir(paths.logs, { recursive: true })]);
  const [programs, certificates, plans] = await allOrFirstError([
    reporter.step("programs", (progress) =>
      ensurePrograms({
        dir: packagesDir,
        progress,
        signal,
        ...(options.server === undefined ? {} : { server: options.server }),
      }),
    ),
    reporter.step("certificates", () => makeCertificates(context)),
    planInstances(options.topology, options.instances, options.port),
  ]);
  if (programs.fallbackReason !== undefined) {
    reporter.line(`  MariaDB stands in for MySQL here: ${programs.fallbackReason}`);
  }
  return { programs, plans, ...certificates };
}

async function makeCertificates({
  options,
  paths,
}: StartContext): Promise<Pick<Foundation, "ca" | "front" | "certificate">> {
  const ca = await privateCa({ dir: paths.directory });
  const [front, certificate] = await Promise.all([
    ca.issue(),
    instanceCertificate(options.topology, paths, ca),
  ]);
  return { ca, front, ...(certificate === undefined ? {} : { certificate }) };
}

// Users and migrations need the database only, and the instances wait for both: so these two run side by side.
async function startBehind(context: StartContext, foundation: Foundation) {
  const database = await addDatabase(context, foundation);
  context.signal.throwIfAborted();
  const instances = addInstances(context, foundation, database);
  await context.reporter.step("database users and migrations", () =>
    prepareNotebook(database, foundation.ca),
  );
  return { database, instances };
}

function picture({ options, workingDirectory }: StartContext, { programs, ca }: Foundation): string {
  const kind = programs.server === "mysql" ? "MySQL" : "MariaDB";
  return drawPicture({
    ...options,
    url: publicUrl(options),
    database: `${kind} ${programs.serverVersion.replace(/-.*$/, "")}`,
    caFile: ca.caFile,
    workingDirectory,
  });
}

// Waits for all of them even when one fails: what they start must be known before it can be stopped.
async function allOrFirstError<T extends readonly unknown[]>(
  work: readonly [...{ [Index in keyof T]: Promise<T[Index]> }],
): Promise<T> {
  const results = await Promise.allSettled(work);
  for (const result of results) if (result.status === "rejected") throw result.reason;
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as unknown as T;
}
