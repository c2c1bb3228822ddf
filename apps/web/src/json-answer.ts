import type { Request, Response } from "express";

/**
 * Answers with JSON, or with 304 to a client that has what it would get.
 *
 * Does what Express's `json()` does without its detours: that one takes the content type apart to add the charset,
 * puts it together again, and reads back each header that it has set.
 */
export function sendJson(request: Request, response: Response, value: unknown): void {
  if (request.fresh) {
    response.status(304).end();
    return;
  }
  const text = JSON.stringify(value);
  // Names in lower case: Node turns any other into it, at a microsecond each.
  response.setHeader("content-type", "application/json; charset=utf-8");
  response.setHeader("content-length", Buffer.byteLength(text));
  response.end(text);
}
