import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createTlsServer, prepareDrain, type ServerLimits } from "../../../packages/tls/src/index.ts";
import { answer } from "./answer.ts";
import { requestListener, type Stack } from "./web-stacks.ts";

/** A key and its certificate, in PEM. */
export interface KeyPair {
  key: string;
  cert: string;
}

/** What `open` starts. */
export interface WebServerRequest {
  stack: Stack;
  /** Absent: plain HTTP. */
  tls?: KeyPair;
  trustedProxies?: readonly string[];
  limits?: Partial<ServerLimits>;
}

/** Bytes that a process holds: all of it, and its JavaScript objects. */
export interface Memory {
  resident: number;
  heap: number;
}

/** Questions that this part answers. */
export interface WebServerHandlers {
  /** Starts a server on a free port and returns the port. */
  open(request: WebServerRequest): Promise<number>;
  /** Runs the garbage collector and returns the bytes that are left; needs `--expose-gc`. */
  collectGarbage(request: null): Memory;
}

// A connection must outlive the pauses between rounds.
const IDLE_MS = 600_000;

async function open(request: WebServerRequest): Promise<number> {
  const listener = requestListener(request.stack, request.trustedProxies ?? []);
  const server = await createServer(request, listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

function createServer(
  { stack, tls, limits }: WebServerRequest,
  listener: RequestListener,
): Promise<Server> | Server {
  const keepAlive = { keepAliveTimeout: IDLE_MS };
  if (tls === undefined) {
    const server = createHttpServer(keepAlive, listener);
    // As the app does where it listens without TLS: to end without losing a request is no part of what TLS costs.
    if (stack === "app") prepareDrain(server);
    return server;
  }
  if (stack !== "app") return createHttpsServer({ ...tls, ...keepAlive }, listener);
  return createTlsServer(listener, {
    source: { load: () => Promise.resolve(tls) },
    lbIdleTimeoutMs: IDLE_MS,
    ...(limits === undefined ? {} : { limits }),
  });
}

answer({
  open,
  collectGarbage: () => {
    if (globalThis.gc === undefined) throw new Error("start this part with --expose-gc");
    globalThis.gc();
    const { rss, heapUsed } = process.memoryUsage();
    return { resident: rss, heap: heapUsed };
  },
} satisfies WebServerHandlers);
