import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { SCHEMA, startServer } from "../real-path.ts";
import { CERTIFICATE_LIFE_MS, shortfalls, TOKEN_LIFE_MS } from "./activity.ts";
import type { Leak } from "./leaks.ts";
import { Load } from "./load.ts";
import type { Sample } from "./sample.ts";
import type { Question, Reply, SoakCounts, SoakSettings } from "./soaked-app.ts";
import { type Finding, judge } from "./verdict.ts";

/** What a soak takes. */
export interface SoakOptions {
  /** Time under load. */
  forMs: number;
  /** Looks at the process, evenly over that time; the load pauses for each. */
  samples: number;
  /** Faults put in on purpose. Default none. */
  leaks?: Leak[];
  /** Told of each look. */
  onSample?: (sample: Sample, counts: SoakCounts) => void;
}

/** What a soak saw. */
export interface SoakReport {
  requests: number;
  /** What was answered otherwise than it should be, and when. */
  failures: readonly string[];
  counts: SoakCounts;
  findings: Finding[];
  /** What came and went too seldom for the soak to show anything. */
  shortfalls: readonly string[];
  /** Nothing grew, nothing failed, Node warned of nothing, and there was enough to grow by. */
  isFlat: boolean;
}

/**
 * V8 would throw code away that was not used for a while, megabytes at once, and make room for young objects as
 * it sees fit, tens of megabytes at once: either would hide what grows, or look like it.
 */
const NODE_OPTIONS = [
  "--expose-gc",
  "--no-flush-bytecode",
  "--min-semi-space-size=16",
  "--max-semi-space-size=16",
];
const SOAKED_APP = fileURLToPath(new URL("soaked-app.ts", import.meta.url));

/** Keeps the app busy on a real database, over real TLS, and tells what grew. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { forMs, samples: wanted, leaks = [], onSample = () => undefined } = options;
  await using server = await startServer();
  const app = fork(SOAKED_APP, { execArgv: [...process.execArgv, ...NODE_OPTIONS] });
  try {
    const { host, port, region, credentials, caFile } = server;
    const started = await ask(app, {
      start: {
        database: { host, port, name: SCHEMA, caPem: readFileSync(caFile, "utf8") },
        region,
        credentials,
        tokenLifeMs: TOKEN_LIFE_MS,
        certificateLifeMs: CERTIFICATE_LIFE_MS,
        leaks,
      } satisfies SoakSettings,
    });
    const load = new Load((started as { port: number }).port);
    const samples: Sample[] = [];
    let counts: SoakCounts | undefined;
    while (samples.length < wanted || counts === undefined) {
      await load.run(forMs / wanted);
      const look = (await ask(app, { sample: true })) as { sample: Sample; counts: SoakCounts };
      counts = look.counts;
      samples.push(look.sample);
      onSample(look.sample, counts);
    }
    return report(load, counts, judge(samples), forMs);
  } finally {
    app.kill("SIGKILL");
    await once(app, "exit");
  }
}

function report(load: Load, counts: SoakCounts, findings: Finding[], forMs: number): SoakReport {
  const { failures, requests } = load;
  const lacking = shortfalls({ ...counts, requests }, forMs);
  const isFlat =
    findings.every((finding) => finding.isFlat) &&
    [failures.length, lacking.length, counts.warnings].every((count) => count === 0);
  return { requests, failures, counts, findings, shortfalls: lacking, isFlat };
}

async function ask(app: ChildProcess, question: Question): Promise<Reply> {
  const answered = new AbortController();
  const ended = once(app, "exit", { signal: answered.signal }).then(
    () => Promise.reject(new Error("the app ended during the soak")),
    () => [],
  );
  app.send(question);
  const [reply] = await Promise.race([once(app, "message"), ended]);
  answered.abort();
  return reply as Reply;
}
