import type { ProcessExit } from "@sealed/servers";
import { SandboxError } from "./errors.ts";

const SHOWN_LOG_LINES = 20;

// Whoever asks is stopped before whoever answers: no request meets a stopped part, and the database, which waits for
// open connections, has none to wait for.
const STOP_ORDER = ["front", "app", "database"] as const;

/** Where a part stands in the path. */
type Layer = (typeof STOP_ORDER)[number];

/** One running program of the path. */
export interface Part {
  name: string;
  /** Decides when it is stopped. */
  layer: Layer;
  exited: Promise<ProcessExit>;
  log(): string;
  close(): Promise<void>;
  /** Called when it ended by itself; true when the others can go on without it. */
  mayEnd?(exit: ProcessExit): boolean;
}

/** All parts of one path, which live and die together. */
export interface Parts {
  add(part: Part): void;
  /** Rejects with SANDBOX_PART_ENDED as soon as a part ends that nobody stopped; never resolves. */
  failure: Promise<never>;
  /** Stops every part: layer after layer, the parts of one side by side. Rejects at the end if one could not be stopped. */
  close(): Promise<void>;
}

/** Returns an empty list of parts. */
export function createParts(): Parts {
  const parts: Part[] = [];
  const { promise: failure, reject } = Promise.withResolvers<never>();
  // Whoever cares awaits it; until then a rejection must not end the process.
  failure.catch(() => undefined);
  let isClosing = false;
  return {
    failure,
    add(part) {
      parts.push(part);
      void part.exited.then((exit) => {
        if (!isClosing && part.mayEnd?.(exit) !== true) reject(partEnded(part, exit));
      });
    },
    async close() {
      isClosing = true;
      const closed: PromiseSettledResult<void>[] = [];
      for (const layer of STOP_ORDER) {
        const those = parts.filter((part) => part.layer === layer);
        closed.push(...(await Promise.allSettled(those.map((part) => part.close()))));
      }
      // Not before all are closed: the kernel would kill what is left with this process, in the midst of its work.
      for (const result of closed) if (result.status === "rejected") throw result.reason;
    },
  };
}

function partEnded(part: Part, { code, signal }: ProcessExit): SandboxError {
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  const lines = part.log().trimEnd().split("\n").slice(-SHOWN_LOG_LINES);
  return new SandboxError(
    "SANDBOX_PART_ENDED",
    `${part.name} ended by itself (${how}), so everything else is stopped. Its last lines:\n  ${lines.join("\n  ")}`,
  );
}
