/**
 * `npm run bench`: measures the template beside what a person would use instead.
 *
 * Exit codes: 0 every goal reached, 1 one was missed, 2 wrong arguments.
 */
import { writeFileSync } from "node:fs";
import { type Bench, openBench, type RowGroup } from "./bench.ts";
import { describeMachine, runtimeVersions } from "./machine.ts";
import { type BenchOptions, parseOptions, USAGE, UsageError } from "./options.ts";
import { type Report, readPage, readReport, reportText, withReport } from "./report.ts";
import { type Row, toRow } from "./row.ts";
import { rowGroups } from "./rows/index.ts";

async function measure(bench: Bench, groups: readonly RowGroup[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const group of groups) {
    const wanted = group.ids.filter(bench.wants);
    if (wanted.length === 0) continue;
    bench.progress(`measuring ${wanted.join(", ")}`);
    const measured = await measureGroup(bench, group, wanted);
    rows.push(...measured);
    for (const row of measured) bench.progress(`  ${row.id}: ${row.median ?? "not measured"} (${row.goal})`);
  }
  return rows;
}

/** A group that fails costs its own rows only, and says why in them. */
async function measureGroup(bench: Bench, group: RowGroup, wanted: readonly string[]): Promise<Row[]> {
  try {
    const measurements = await group.measure(bench);
    return measurements.filter(({ id }) => wanted.includes(id)).map(toRow);
  } catch (error) {
    bench.progress((error as Error).stack ?? String(error));
    const what = `not measured: ${(error as Error).message.split("\n")[0]}`;
    return wanted.map((id) => ({ ...toRow({ id, what, goal: "report", samples: [] }), reached: false }));
  }
}

async function measureAll(options: BenchOptions): Promise<Report> {
  const machine = describeMachine();
  const versions = runtimeVersions();
  await using bench = await openBench(options, versions, (line) => void process.stderr.write(`${line}\n`));
  return { machine, versions, rows: await measure(bench, rowGroups) };
}

async function run(options: BenchOptions): Promise<number> {
  const { from, into } = options;
  // Before it is measured: a wrong page must not cost a run of a quarter of an hour.
  if (into !== undefined) readPage(into);
  const report = from === undefined ? await measureAll(options) : readReport(from);
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
  if (into !== undefined) writeFileSync(into, withReport(readPage(into), report));
  return report.rows.some(({ reached }) => reached === false) ? 1 : 0;
}

async function main(argv: readonly string[]): Promise<number> {
  const ids = rowGroups.flatMap((group) => group.ids);
  try {
    const options = parseOptions(argv, ids);
    if (options === "help") process.stdout.write(`${USAGE}\n`);
    else if (options === "list") process.stdout.write(`${ids.join("\n")}\n`);
    else return await run(options);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n${USAGE}\n`);
    return 2;
  }
}

process.exitCode = await main(process.argv.slice(2));
