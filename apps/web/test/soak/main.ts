/**
 * `npm run soak`: soaks the app, and says what grew.
 *
 * Exit codes: 0 everything stayed flat and nothing failed, 1 otherwise, 2 wrong arguments.
 */
import { parseOptions, USAGE, UsageError } from "./options.ts";
import { MEASURES, type Sample } from "./sample.ts";
import { soak } from "./soak.ts";
import { soakTable } from "./table.ts";

const MINUTE_MS = 60_000;
/** A look every half minute, and enough of them in a short soak. */
const SAMPLE_EVERY_MS = 30_000;
const FEWEST_SAMPLES = 12;

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options !== "help") return await run(options.minutes);
    process.stdout.write(`${USAGE}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`soak: ${error.message}\n${USAGE}\n`);
    return 2;
  }
}

async function run(minutes: number): Promise<number> {
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

function describe(sample: Sample): string {
  return MEASURES.map((measure) => `${measure} ${Number(sample[measure].toFixed(2))}`).join("  ");
}

process.exitCode = await main(process.argv.slice(2));
