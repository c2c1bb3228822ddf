import type { IncomingMessage, ServerResponse } from "node:http";
import { type DestinationStream, type LogFn, type Logger, pino } from "pino";
import { standardOutput } from "./log-output.ts";
import { withoutSecretFields, withoutSecrets } from "./log-redaction.ts";
import { pathOf } from "./request-path.ts";

/** The log of the app: JSON lines. Nothing else of the app writes to standard output. */
export type Log = Logger;

/** Returns what writes the time into a line: ISO 8601, made once for all lines of a millisecond. */
function isoTime(): () => string {
  let lastMs = 0;
  let text = "";
  return () => {
    const nowMs = Date.now();
    if (nowMs === lastMs) return text;
    lastMs = nowMs;
    text = `,"time":"${new Date(nowMs).toISOString()}"`;
    return text;
  };
}

/** Returns a call of the log with its message cleaned; without one, pino would take that of the error as it is. */
function withCleanMessage(args: unknown[]): unknown[] {
  const [first] = args;
  const error = first instanceof Error ? first : (first as { err?: unknown } | undefined)?.err;
  return (args.length === 1 && error instanceof Error ? [first, error.message] : args).map(cleanText);
}

function cleanText(part: unknown): unknown {
  return typeof part === "string" ? withoutSecrets(part) : part;
}

/** What every line carries, and where lines go. */
export interface LogOptions {
  level: string;
  instance: string;
  /** Default: standard output, written without blocking a request. */
  destination?: DestinationStream;
}

/** Returns the log: one JSON line per event, `level` as a word, `time` in ISO 8601, no secrets. */
export function createLog(options: LogOptions): Log {
  const destination = options.destination ?? standardOutput();
  return pino(
    {
      level: options.level,
      base: { instance: options.instance },
      timestamp: isoTime(),
      formatters: { level: (label) => ({ level: label }), log: (fields) => withoutSecretFields(fields) },
      hooks: {
        logMethod(args, method) {
          method.apply(this, withCleanMessage(args) as Parameters<LogFn>);
        },
      },
      serializers: {
        // Described already; pino's own would take it apart again.
        err: (described: unknown) => described,
        // Without these two, a request logged by mistake would bring all its headers along.
        req: (request: IncomingMessage) => ({ method: request.method, path: pathOf(request.url ?? "") }),
        res: (response: ServerResponse) => ({ status: response.statusCode }),
      },
    },
    destination,
  );
}
