import { randomUUID } from "node:crypto";
import type { Request, RequestHandler, Response } from "express";
import type { Log } from "../log.ts";
import { pathOf } from "../request-path.ts";
import { SAFE_METHODS } from "./cross-site-writes.ts";

/** What is known of a request when its answer is out. */
export interface FinishedRequest {
  method: string;
  path: string;
  status: number;
  durationMs: number;
  /** `X-Forwarded-For` of a trusted load balancer. */
  forwardedFor: string | undefined;
}

/** What the request log needs. */
export interface RequestLogOptions {
  log: Log;
  /** Told of every answered request, for the enhanced-health log. */
  onFinished?: ((request: FinishedRequest) => void) | undefined;
}

/** The part of a trace header that the load balancer itself made: a client may send `Root`, never `Self`. */
const TRACE_ID = /(?:^|;\s*)(Self|Root)=(1-[0-9a-f]{8}-[0-9a-f]{24})(?=;|$)/g;

/** Health checks come every few seconds from every load-balancer node: they are logged at `debug`. */
const HEALTH_PATHS: ReadonlySet<string> = new Set(["/livez", "/readyz"]);

/**
 * Gives each request an id and writes one line when its answer is out.
 *
 * The id is the load balancer's trace id, so that a line here can be found in its access log, or an
 * own one. A client that went away is a `debug` line without a stack trace: it is no fault of ours. When it had sent
 * a whole write the line is `info`, or writes could be had without a trace by not waiting for their answers.
 */
export function requestLog({ log, onFinished }: RequestLogOptions): RequestHandler {
  // Every field is named below and none holds a secret: to look for one costs as much as the line itself.
  const lines = log.child({}, { formatters: { log: (fields) => fields } });
  return (request, response, next) => {
    const startedAt = performance.now();
    const path = pathOf(request.originalUrl);
    const requestId = traceId(request.headers["x-amzn-trace-id"]) ?? randomUUID();
    response.locals.requestId = requestId;
    response.setHeader("x-request-id", requestId);
    // "close" comes once, after "finish" or in its place.
    response.on("close", () => {
      const { method } = request;
      const status = response.statusCode;
      const durationMs = Math.round((performance.now() - startedAt) * 1_000) / 1_000;
      if (!response.writableFinished) {
        // A write that came whole is done, or will be, although nobody waits for its answer.
        const level = request.complete && !SAFE_METHODS.has(method) ? "info" : "debug";
        const answered = response.writableEnded ? { status } : {};
        const line = { requestId, method, path, ...answered, durationMs, clientIp: clientIp(request) };
        lines[level](line, "client went away");
        return;
      }
      const level = HEALTH_PATHS.has(path) ? "debug" : "info";
      lines[level]({ requestId, method, path, status, durationMs, clientIp: clientIp(request) }, "request");
      onFinished?.({ method, path, status, durationMs, forwardedFor: request.get("x-forwarded-for") });
    });
    next();
  };
}

/** Returns the id of the request that an answer belongs to. */
export function requestIdOf(response: Response): string {
  return String(response.locals.requestId);
}

/** Without the header there is nothing that Express would have to weigh. */
function clientIp(request: Request): string | undefined {
  return request.headers["x-forwarded-for"] === undefined ? request.socket.remoteAddress : request.ip;
}

function traceId(header: string | string[] | undefined): string | undefined {
  if (typeof header !== "string") return undefined;
  const ids = new Map<string | undefined, string | undefined>();
  for (const [, name, id] of header.matchAll(TRACE_ID)) ids.set(name, id);
  return ids.get("Self") ?? ids.get("Root");
}
