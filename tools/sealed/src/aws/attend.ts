import type { CommandContext } from "../context.ts";
import { type AwsClient, tellTrouble } from "./connect.ts";

/** Calls that change nothing. Any other is waited for: who stops wants to know what was done. */
const READING = /^(Describe|Get|List|Filter|Retrieve)/;

/**
 * Returns the client, which from now on says when AWS throttles it, and leaves a question without its answer once the
 * command is stopped.
 */
export function attend<C>(client: C, { reporter, signal }: Pick<CommandContext, "reporter" | "signal">): C {
  return stopReading(tellTrouble(client, reporter.line), signal);
}

function stopReading<C>(client: C, signal: AbortSignal): C {
  const { middlewareStack } = client as AwsClient;
  middlewareStack.add(
    (next, { commandName = "" }) =>
      async (args) => {
        if (!READING.test(commandName)) return await next(args);
        signal.throwIfAborted();
        const { promise: stopped, reject } = Promise.withResolvers<never>();
        const stop = () => {
          reject(signal.reason);
          // Else its connection would keep the process.
          (client as AwsClient).destroy();
        };
        signal.addEventListener("abort", stop, { once: true });
        try {
          return await Promise.race([next(args), stopped]);
        } finally {
          signal.removeEventListener("abort", stop);
        }
      },
    // Inside of the SDK's retry loop: what was stopped is not asked once more.
    { step: "finalizeRequest", priority: "low", name: "sealedStopReading" },
  );
  return client;
}
