import express, { type RequestHandler } from "express";
import { WebError } from "../errors.ts";

/** Largest JSON body: a note of any characters is far below it. */
const MAX_JSON_BYTES = 102_400;

/**
 * Largest form. A form writes an emoji as twelve bytes, so that a note of 10,120 of them, which is allowed, needs
 * 121,440 and the names of the fields.
 */
const MAX_FORM_BYTES = 122_880;

/** Most fields in a form; the notebook's forms have four. */
const MAX_FORM_FIELDS = 20;

/** Parses a JSON body: 415 for another content type, 400 for malformed JSON, 413 when it is too large. */
export function jsonBody(): RequestHandler[] {
  const type = "application/json";
  // Compressed bodies are refused (415): a few bytes could stand for a hundred megabytes.
  return [requireMediaType(type), express.json({ type, limit: MAX_JSON_BYTES, inflate: false })];
}

/** Parses a form: 415 for another content type, 413 when it is too large or has too many fields. */
export function formBody(): RequestHandler[] {
  const type = "application/x-www-form-urlencoded";
  const limits = { limit: MAX_FORM_BYTES, inflate: false, parameterLimit: MAX_FORM_FIELDS };
  return [requireMediaType(type), express.urlencoded({ type, extended: false, ...limits })];
}

function requireMediaType(type: string): RequestHandler {
  return (request, _response, next) => {
    const given = request.get("content-type")?.split(";")[0]?.trim().toLowerCase();
    if (given === type) return next();
    throw new WebError(415, "WEB_MEDIA_TYPE_UNSUPPORTED", `The content type of the body must be ${type}.`, {
      headers: { Accept: type },
    });
  };
}
