import assert from "node:assert/strict";
import { test } from "node:test";
import express, { type RequestHandler } from "express";
import request from "supertest";
import { sendJson } from "../src/json-answer.ts";

const VALUE = { text: 'Ünï – 漢字 – 🔒 <&>"', none: null, list: [1, 2.5], at: new Date(0) };

/** An answer without the date, which may fall into another second. */
async function answerTo(
  handler: RequestHandler,
  method: "get" | "head" | "post",
  headers: Record<string, string>,
) {
  const app = express().set("etag", false).use(handler);
  const { status, headers: given, text } = await request(app)[method]("/").set(headers);
  return { status, headers: { ...given, date: undefined }, text };
}

test("answers as Express's own json() does, whatever is asked", async () => {
  for (const [method, status, headers] of [
    ["get", 200, {}],
    ["head", 200, {}],
    ["post", 201, {}],
    ["get", 200, { "If-None-Match": '"v1"' }],
    ["head", 200, { "If-None-Match": '"v1"' }],
    ["get", 200, { "If-None-Match": '"v2", W/"v1"' }],
    ["get", 200, { "If-None-Match": "*" }],
    ["get", 200, { "If-None-Match": '"v2"' }],
    ["get", 200, { "If-None-Match": '"v1"', "Cache-Control": "no-cache" }],
    ["post", 200, { "If-None-Match": '"v1"' }],
    ["get", 503, { "If-None-Match": '"v1"' }],
  ] as const) {
    const asked = JSON.stringify([method, status, headers]);
    const expected = await answerTo(
      (_request, response) => void response.status(status).set("ETag", '"v1"').json(VALUE),
      method,
      headers,
    );

    const given = await answerTo(
      (request, response) => sendJson(request, response.status(status).set("ETag", '"v1"'), VALUE),
      method,
      headers,
    );

    assert.deepEqual(given, expected, asked);
  }
});
