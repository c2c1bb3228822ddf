import { STATUS_CODES } from "node:http";
import type { ErrorRequestHandler, Request, RequestHandler, Response } from "express";
import { unavailable } from "../database-errors.ts";
import { WebError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Render } from "../views.ts";
import { requestIdOf } from "./request-log.ts";

/** What the error answers need. */
export interface ErrorAnswersOptions {
  log: Log;
  render: Render;
}

/** Errors of Express's body parsers by their `type`. https://github.com/stream-utils/raw-body#errors */
const PARSER_ERRORS: Readonly<Record<string, (error: { limit?: number }) => WebError>> = {
  "charset.unsupported": () => new WebError(415, "WEB_MEDIA_TYPE_UNSUPPORTED", "Send the body in UTF-8."),
  "encoding.unsupported": () =>
    new WebError(415, "WEB_MEDIA_TYPE_UNSUPPORTED", "Send the body uncompressed."),
  "entity.parse.failed": () =>
    new WebError(400, "WEB_MALFORMED_BODY", "The body cannot be read: it is malformed."),
  "entity.too.large": ({ limit }) =>
    new WebError(413, "WEB_BODY_TOO_LARGE", `The body is too large: at most ${limit} bytes are taken.`),
  "parameters.too.many": () => new WebError(413, "WEB_BODY_TOO_LARGE", "The form has too many fields."),
  "request.size.invalid": () =>
    new WebError(400, "WEB_MALFORMED_BODY", "The body is not as long as announced."),
};

/** Answers every request that no route took with 404. */
export function notFound(): RequestHandler {
  return () => {
    throw new WebError(404, "WEB_RESOURCE_NOT_FOUND", "There is nothing at this address.");
  };
}

/**
 * Answers errors: problem+json for programs, a page for people. What a client sees is the message of
 * a `WebError`; anything else is logged and shown as a bare 500 with the request's id.
 */
export function errorAnswers(options: ErrorAnswersOptions): ErrorRequestHandler {
  const { log } = options;
  return (error: unknown, request, response, _next) => {
    if (isAbort(error)) {
      // The client is gone: nobody is left to answer, and the request log has its line.
      response.destroy();
      return;
    }
    const answer = answerFor(error);
    const requestId = requestIdOf(response);
    if (answer.status >= 500) {
      // While the database is down each request would bring the same stack: its code says it all.
      if (answer.status === 503) log.warn({ requestId, code: answer.code }, "answered 503");
      else log.error({ requestId, err: error }, "request failed");
    }
    if (response.headersSent) {
      // Half an answer is out: cutting the connection is the only way to tell.
      response.destroy();
      return;
    }
    sendAnswer(request, response, answer, options);
  };
}

function isAbort(error: unknown): boolean {
  return typeOf(error) === "request.aborted";
}

function answerFor(error: unknown): WebError {
  if (error instanceof WebError) return error;
  const known = unavailable(error) ?? PARSER_ERRORS[typeOf(error) ?? ""]?.(error as { limit?: number });
  if (known !== undefined) return known;
  // Express's own 400s, such as a path with a broken percent encoding.
  if (error instanceof URIError)
    return new WebError(400, "WEB_MALFORMED_REQUEST", "The address is malformed.");
  return new WebError(500, "WEB_INTERNAL", "Something went wrong here. It has been logged.");
}

function typeOf(error: unknown): string | undefined {
  return error instanceof Error && "type" in error && typeof error.type === "string" ? error.type : undefined;
}

function sendAnswer(
  request: Request,
  response: Response,
  answer: WebError,
  { log, render }: ErrorAnswersOptions,
): void {
  const { status, code, message: detail, fields } = answer;
  const title = STATUS_CODES[status] ?? "Error";
  const requestId = requestIdOf(response);
  response.status(status).set(answer.headers);
  if (!wantsPage(request)) {
    const errors = fields.length > 0 ? { errors: fields } : {};
    const problem = { type: "about:blank", title, status, detail, code, requestId, ...errors };
    response.type("application/problem+json").send(JSON.stringify(problem));
    return;
  }
  try {
    response.type("html").send(render("error", { title, status, code, detail, fields, requestId }));
  } catch (error) {
    log.error({ requestId, err: error }, "error page failed");
    response.type("text/plain").send(`${status} ${title}\n${code}, request ${requestId}\n`);
  }
}

/** Programs are told by their address, and elsewhere by what they accept. */
function wantsPage(request: Request): boolean {
  if (request.path.startsWith("/api/") || request.path.endsWith(".json")) return false;
  return request.accepts(["html", "json", "application/problem+json"]) === "html";
}
