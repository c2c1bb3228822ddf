import { parseArgs } from "node:util";
import { MEASURES, type Sample } from "./sample.ts";
import { soak } from "./soak.ts";
import { soakTable } from "./table.ts";

const DEFAULT_MINUTES = 20;
const MINUTE_MS = 60_000;
/** A look every half minute, and enough of them in a short soak. */
const SAMPLE_EVERY_MS = 30_000;
const FEWEST_SAMPLES = 12;

/** Soaks the app: 0 when everything stayed flat, 1 when something grew or failed, 2 for wrong arguments. */
async function main(args: string[]): Promise<number> {
  const minutes = minutesOf(args);
  if (minutes === undefined) {
    process.stderr.write("soak: --minutes takes a number above 0\nusage: npm run soak -- --minutes N\n");
    return 2;
  }
  const forMs = minutes * MINUTE_MS;
  const samples = Math.max(FEWEST_SAMPLES, Math.round(forMs / SAMPLE_EVERY_MS));
  let taken = 0;
  const report = await soak({
    forMs,
    samples,
    onSample: (sample, { complaints }) => {
      process.stdout.write(`${++taken}/${samples}  ${describe(sample)}\n`);
      for (const complaint of complaints) process.stdout.write(`  ${complaint.trimEnd()}\n`);
    },
  });
  process.stdout.write(`${soakTable(report, minutes).join("\n")}\n`);
  return report.isFlat ? 0 : 1;
}

function minutesOf(args: string[]): number | undefined {
  try {
    const { values } = parseArgs({ args, options: { minutes: { type: "string" } } });
    const minutes = Number(values.minutes ?? DEFAULT_MINUTES);
    return minutes > 0 ? minutes : undefined;
  } catch {
    return undefined;
  }
}

function describe(sample: Sample): string {
  return MEASURES.map((measure) => `${measure} ${Number(sample[measure].toFixed(2))}`).join("  ");
}

process.exitCode = await main(process.argv.slice(2));
