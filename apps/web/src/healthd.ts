import { appendFile, mkdir, readdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "./log.ts";
import type { FinishedRequest } from "./middleware/request-log.ts";

const FILE_PREFIX = "application.log.";
const FILE_NAME = /^application\.log\.\d{4}-\d{2}-\d{2}-\d{2}$/;

/** How often lines go to the file; healthd itself reports every 10 s. */
const FLUSH_MS = 1_000;

/**
 * Lines kept while an earlier write goes on; beyond that the newest are dropped, as are those of a write that fails.
 * Never a request.
 */
const MAX_WAITING_LINES = 20_000;

/** Files kept: healthd reads the one of this hour, and at its turn the end of the one before. */
const KEPT_FILES = 3;

/** Where the log goes, and the clock. */
export interface HealthdLogOptions {
  directory: string;
  log: Log;
  /** Epoch milliseconds. */
  now?: () => number;
}

/** The request log that Elastic Beanstalk's enhanced health counts from. */
export interface HealthdLog extends AsyncDisposable {
  /** Notes a request; the line is written later, off the request's way. */
  record(request: FinishedRequest): void;
  /** Writes what waits. Never rejects: a full disk must not end the app. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Returns one line of the log. healthd splits at `"`, skips a line without the sixth field, and reads
 * the times as seconds; the time of the line is that of the answer's end.
 *
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/health-enhanced-serverlogs.html
 */
export function healthdLine(request: FinishedRequest, nowMs: number): string {
  const seconds = (request.durationMs / 1_000).toFixed(3);
  const fields = [
    (nowMs / 1_000).toFixed(3),
    clean(request.path),
    String(request.status),
    seconds,
    seconds,
    clean(request.forwardedFor ?? "-"),
  ];
  return `${fields.join('"')}\n`;
}

/** A quote would shift the fields, a line break would forge a line. */
function clean(field: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to go.
  return field.replace(/["\u0000-\u001f\u007f]/g, "") || "-";
}

/** Returns the name of the file of an hour, in UTC. */
export function healthdFileName(nowMs: number): string {
  return FILE_PREFIX + new Date(nowMs).toISOString().slice(0, 13).replace("T", "-");
}

/** Opens the log; files and their folder are made when the first line is written. */
export function openHealthdLog(options: HealthdLogOptions): HealthdLog {
  return new HourlyLog(options);
}

class HourlyLog implements HealthdLog {
  readonly #directory: string;
  readonly #log: Log;
  readonly #now: () => number;
  readonly #timer: NodeJS.Timeout;
  /** Lines by the file they belong to. */
  #waiting = new Map<string, string[]>();
  #waitingLines = 0;
  #writing: Promise<void> = Promise.resolve();
  #lastFile = "";
  #isFailing = false;

  constructor({ directory, log, now = Date.now }: HealthdLogOptions) {
    this.#directory = directory;
    this.#log = log;
    this.#now = now;
    this.#timer = setInterval(() => void this.flush(), FLUSH_MS).unref();
  }

  record(request: FinishedRequest): void {
    if (this.#waitingLines >= MAX_WAITING_LINES) return;
    const nowMs = this.#now();
    const fileName = healthdFileName(nowMs);
    const lines = this.#waiting.get(fileName);
    if (lines === undefined) this.#waiting.set(fileName, [healthdLine(request, nowMs)]);
    else lines.push(healthdLine(request, nowMs));
    this.#waitingLines++;
  }

  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #write(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = new Map();
    this.#waitingLines = 0;
    try {
      for (const [fileName, lines] of batch) await this.#append(fileName, lines.join(""));
      this.#isFailing = false;
    } catch (error) {
      // Once per outage: enhanced health loses its request counts, the requests themselves go on.
      if (!this.#isFailing) this.#log.warn({ err: error }, "healthd log cannot be written");
      this.#isFailing = true;
    }
  }

  async #append(fileName: string, text: string): Promise<void> {
    if (fileName !== this.#lastFile) {
      // healthd runs as another user: it must be able to read.
      await mkdir(this.#directory, { recursive: true, mode: 0o755 });
      await appendFile(join(this.#directory, fileName), text, { mode: 0o644 });
      this.#lastFile = fileName;
      await this.#prune();
      return;
    }
    await appendFile(join(this.#directory, fileName), text, { mode: 0o644 });
  }

  async #prune(): Promise<void> {
    const files = (await readdir(this.#directory)).filter((name) => FILE_NAME.test(name)).sort();
    for (const name of files.slice(0, -KEPT_FILES)) await unlink(join(this.#directory, name));
  }
}
