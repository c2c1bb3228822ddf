import type { CommandContext } from "../context.ts";
import type { Deployment } from "../deployment/read-deployment.ts";
import { area } from "./aws/area.ts";
import { connectServices } from "./aws/clients.ts";
import { databaseChecks } from "./aws/database.ts";
import { type Deployed, findDeployed } from "./aws/deployed.ts";
import { deployedTrust } from "./aws/deployed-trust.ts";
import { environmentChecks } from "./aws/environment.ts";
import { instanceFingerprints } from "./aws/instance-fingerprints.ts";
import { loadBalancerAreas } from "./aws/load-balancer.ts";
import { servedByInstances } from "./aws/probe-instances.ts";
import { type Published, publishedCertificates } from "./aws/published.ts";
import { frontGroupChecks } from "./aws/security-groups.ts";
import type { Check } from "./check.ts";
import { dial } from "./outside/dial.ts";
import type { Target, Trust } from "./target.ts";
import { judgePath, type Verdict } from "./verdict.ts";
import { type PathView, verifyPath } from "./verify-path.ts";

/** Where clients ask first who type no protocol. */
const PLAIN_PORT = 80;
/** A name that was just made takes a moment to be known. */
const PATIENCE_PAUSE_MS = 10_000;
const PATIENCE_TRIES = 18;

/** How a deployment is verified. */
export interface DeploymentCheck {
  /** File with the only authorities; default: by the settings of the deployment. */
  ca?: string | undefined;
  /** Let each instance look at what it serves. */
  probeInstances: boolean;
  /** Wait up to three minutes for the public address to answer. */
  isNew?: boolean;
}

/** What came of verifying a deployment. */
export interface DeploymentVerdict {
  target: Target;
  verdict: Verdict;
  reports: PathView["reports"];
}

/**
 * Verifies what is deployed: from outside, by what the app says, and by asking AWS.
 *
 * @throws SealedError SEALED_ENVIRONMENT_MISSING, or what AWS said.
 */
export async function verifyDeployment(
  deployment: Deployment,
  context: CommandContext,
  check: DeploymentCheck,
): Promise<DeploymentVerdict> {
  const { reporter, signal, system } = context;
  const services = connectServices(deployment, context);
  const deployed = await reporter.step("find the deployment", () => findDeployed(deployment, services));
  const known: Known = { published: [], checks: [], trust: { kind: "unknown", reason: "AWS did not tell" } };
  await reporter.step("ask AWS", () => askAws(deployed, context, check, known));
  const target = targetOf(deployed, known);
  const path = await reporter.step("look from outside and ask the app", async () => {
    if (check.isNew === true) await untilReachable(target.url, context);
    return await verifyPath(target, signal, system.now());
  });
  const served = check.probeInstances
    ? await reporter.step("ask the instances", () => probe(deployed, context, known))
    : undefined;
  const certificates = { ...known, sightings: path.sightings, isProbed: check.probeInstances, served };
  const fingerprints = instanceFingerprints(deployed, certificates);
  const checks = [...path.checks, ...known.checks, ...fingerprints];
  return { target, verdict: judgePath(deployment.config.topology, checks), reports: path.reports };
}

/** What AWS has told so far. */
interface Known {
  published: Published[];
  trust: Trust;
  checks: Check[];
}

async function askAws(
  deployed: Deployed,
  { signal, system }: CommandContext,
  { ca }: DeploymentCheck,
  known: Known,
): Promise<void> {
  const { deployment } = deployed;
  const ask = async (hop: Check["hop"], id: string, title: string, work: () => Promise<Check[]>) => {
    known.checks.push(...(await area({ hop, id, title }, deployment, signal, work)));
  };
  await ask("lb-app", "published-certificates", "certificates in the log", async () => {
    if (deployment.config.topology !== "alb-terminate") {
      known.published.push(...(await publishedCertificates(deployed, system.now())));
    }
    return [];
  });
  await ask("client-lb", "certificate", "certificate of the deployment", async () => {
    known.trust = await deployedTrust(deployed, known.published, ca);
    return [];
  });
  for (const one of loadBalancerAreas(deployed)) await ask(one.hop, one.id, one.title, one.ask);
  await ask("lb-app", "environment", "environment", () => environmentChecks(deployed));
  await ask("lb-app", "security-group", "security groups", () => frontGroupChecks(deployed));
  await ask("app-db", "database", "database", () => databaseChecks(deployed));
}

function targetOf({ deployment, url, instanceIds }: Deployed, { trust, published }: Known): Target {
  const { config } = deployment;
  return {
    origin: "deployment",
    url,
    topology: config.topology,
    trust,
    httpPort: url.port === "" ? PLAIN_PORT : undefined,
    instances: [],
    instanceNames: published.map(({ name }) => name),
    // One that has just been started publishes its name a little later.
    areAllKnown: instanceIds.length > 0 && published.length === instanceIds.length,
    hopsPage: config.preset.hopsPage,
  };
}

async function probe(
  deployed: Deployed,
  { system, signal }: CommandContext,
  known: Known,
): Promise<ReadonlyMap<string, string | undefined> | undefined> {
  let served: ReadonlyMap<string, string | undefined> | undefined;
  const name = {
    hop: "lb-app",
    id: "fingerprint-inside",
    title: "certificate served to the load balancer",
  } as const;
  const checks = await area(name, deployed.deployment, signal, async () => {
    served = await servedByInstances(deployed, system, signal);
    return [];
  });
  known.checks.push(...checks);
  return served;
}

async function untilReachable(url: URL, { system, signal }: CommandContext): Promise<void> {
  for (let tries = 0; tries < PATIENCE_TRIES; tries++) {
    const { outcome } = await dial(url, {}, signal);
    if (outcome !== "out-of-reach" && outcome !== "silent") return;
    await system.pause(PATIENCE_PAUSE_MS, signal);
  }
}
