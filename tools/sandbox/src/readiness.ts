import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { SandboxError } from "./errors.ts";

const READY_WITHIN_MS = 45_000;
const POLL_MS = 40;
const ONE_TRY_MS = 5_000;

/** What is asked until it says yes. */
export interface ReadinessQuestion {
  port: number;
  caPem: string;
  /** Tells whether every instance is in service, not only the one that answers; absent without a load balancer. */
  areAllInService?: () => Promise<boolean>;
  signal: AbortSignal;
}

/**
 * Returns when `/readyz` answers 200 on the public port, over TLS verified with the private CA only, and every
 * instance is in service.
 *
 * @throws SandboxError SANDBOX_NOT_READY with the last answer when that takes longer than 45 s.
 */
export async function untilReady({ port, caPem, areAllInService, signal }: ReadinessQuestion): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  let lastAnswer = "";
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    lastAnswer = await askOnce(port, caPem).catch((error: Error) => error.message);
    if (lastAnswer.startsWith("200 ") && (await areAllInService?.()) !== false) return;
    await delay(POLL_MS);
  }
  throw new SandboxError(
    "SANDBOX_NOT_READY",
    `https://localhost:${port}/readyz was not 200 within ${READY_WITHIN_MS / 1_000} s; the last answer: ${lastAnswer}`,
  );
}

async function askOnce(port: number, ca: string): Promise<string> {
  const call = request({
    host: "127.0.0.1",
    servername: "localhost",
    port,
    path: "/readyz",
    headers: { host: `localhost:${port}` },
    ca,
    agent: false,
    timeout: ONE_TRY_MS,
  });
  call.once("timeout", () => call.destroy(new Error(`no answer within ${ONE_TRY_MS} ms`)));
  call.end();
  const [response] = (await once(call, "response")) as [IncomingMessage];
  return `${response.statusCode} ${await text(response)}`;
}
