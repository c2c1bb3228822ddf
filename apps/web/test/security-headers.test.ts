import assert from "node:assert/strict";
import { test } from "node:test";
import express from "express";
import helmet from "helmet";
import request from "supertest";
import { HELMET_OPTIONS, securityHeaderBlock } from "../src/middleware/security-headers.ts";
import { appUnderTest, HOST } from "./app-under-test.ts";

test("sends what helmet would send for each request, a permissions policy, and that no cache keeps it", async () => {
  const withHelmet = express().use(helmet(HELMET_OPTIONS), (_request, response) => void response.end());
  const bare = express().use((_request, response) => void response.end());

  const plain = (await request(bare).get("/")).headers;
  const expected = Object.entries((await request(withHelmet).get("/")).headers).filter(
    ([name]) => !(name in plain) && name !== "x-powered-by",
  );

  const {
    "permissions-policy": policy,
    "cache-control": cache,
    ...block
  } = Object.fromEntries(securityHeaderBlock());
  assert.deepEqual(block, Object.fromEntries(expected));
  assert.match(policy ?? "", /camera=\(\)/);
  assert.equal(cache, "no-store");
});

test("allows no script but the app's own files, for two years over HTTPS only", () => {
  const block = securityHeaderBlock();

  const policy = block.get("content-security-policy") ?? "";
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /script-src 'self'(;|$)/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /unsafe|\*|data:|https?:/);
  assert.equal(block.get("strict-transport-security"), "max-age=63072000; includeSubDomains");
  assert.equal(block.get("x-content-type-options"), "nosniff");
  assert.equal(block.get("referrer-policy"), "no-referrer");
  assert.equal(block.get("cross-origin-opener-policy"), "same-origin");
  assert.equal(block.get("cross-origin-resource-policy"), "same-origin");
});

test("stands in every kind of answer, and nothing names the server", async () => {
  const { app } = appUnderTest();
  const block = securityHeaderBlock();

  for (const [path, host] of [
    ["/notes", HOST],
    ["/api/notes", HOST],
    ["/nothing", HOST],
    ["/notes", "evil.example"],
    ["/livez", "10.0.0.7"],
  ] as const) {
    const { headers } = await request(app).get(path).set("Host", host);
    for (const [name, value] of block) assert.equal(headers[name], value, `${name} of ${path}`);
    assert.equal(headers["x-powered-by"], undefined);
    assert.equal(headers.server, undefined);
  }
});
