import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { test } from "node:test";
import { securityHeaders } from "../../src/verify/outside/security-headers.ts";
import { GOOD_HEADERS, startClaiming } from "../support/verify/claiming.ts";
import { startFront } from "../support/verify/front.ts";
import { ownAuthority } from "../support/verify/own-authority.ts";
import { verify } from "../support/verify/verified.ts";

// A safety net against a hang.
const timeout = 60_000;

const { ca, certificate } = await ownAuthority();

const { "strict-transport-security": HSTS, ...WITHOUT_HSTS } = GOOD_HEADERS;
const to = (location: string) => ({ ...GOOD_HEADERS, location });

/** Answers of an address: path, status and headers. */
type Answers = readonly (readonly [path: string, status: number, headers: Record<string, string>])[];

async function verifyAnswering(answers: Answers) {
  await using path = await startClaiming({
    topology: "single-instance",
    certificate,
    page: (asked: string, response: ServerResponse) => {
      const found = answers.find(([one]) => asked === one || (one === "*" && asked !== "/"));
      if (found === undefined) return false;
      response.writeHead(found[1], found[2]).end();
      return true;
    },
  });
  return await verify(`${path.url} --ca ${ca.caFile}`);
}

for (const [what, answers, wrong, seen] of [
  [
    "a page that is not there is sent without HSTS",
    [["*", 404, WITHOUT_HSTS]],
    "hsts",
    /^not sent \(\/no-such-page/,
  ],
  [
    "the page at the end of a redirect is sent without HSTS",
    [
      ["/", 302, to("/app")],
      ["/app", 200, WITHOUT_HSTS],
    ],
    "hsts",
    /^not sent \(\/app\)$/,
  ],
  [
    "HSTS is taken back at the end of a redirect",
    [
      ["/", 302, to("/app")],
      ["/app", 200, { ...GOOD_HEADERS, "strict-transport-security": "max-age=0" }],
    ],
    "hsts",
    /^max-age=0 \(\/app\)$/,
  ],
  [
    "the page at the end of a redirect is sent without the other headers",
    [
      ["/", 302, to("/app")],
      ["/app", 200, { "strict-transport-security": HSTS }],
    ],
    "security-headers",
    /content-security-policy: not sent/,
  ],
  [
    "a redirect leads to an error",
    [
      ["/", 302, to("/app")],
      ["/app", 500, GOOD_HEADERS],
    ],
    "start-page",
    /^\/app answers with 500$/,
  ],
  ["a redirect leads nowhere", [["/", 302, GOOD_HEADERS]], "start-page", /^answers with 302$/],
  ["a redirect leads to no address", [["/", 302, to("https://")]], "start-page", /^answers with 302$/],
] as const satisfies [string, Answers, string, RegExp][]) {
  test(`a path where ${what} is not called sealed`, { timeout }, async () => {
    const found = await verifyAnswering(answers);

    assert.deepEqual(found.wrong, [`client-lb ${wrong}`]);
    assert.match(found.seen(wrong), seen);
    assert.equal(found.exitCode, 1);
  });
}

test("a redirect to another host is noted: nobody looked there", { timeout }, async () => {
  const found = await verifyAnswering([["/", 302, to("https://elsewhere.example/")]]);

  assert.deepEqual(found.wrong, []);
  assert.deepEqual(found.noted, ["client-lb redirects"]);
});

for (const [name, value, isGood] of [
  ["content-security-policy", "default-src 'none'; script-src 'self'", true],
  ["content-security-policy", "script-src 'nonce-abc' 'strict-dynamic'", true],
  ["content-security-policy", "default-src 'self'; style-src 'self' 'unsafe-inline'", false],
  ["content-security-policy", "default-src https:", false],
  ["content-security-policy", "default-src 'self'; script-src http: data:", false],
  ["content-security-policy", "script-src 'self' https://elsewhere.example", false],
  ["content-security-policy", "img-src 'self'", false],
  ["content-security-policy", "default-src https:, default-src 'self'", true],
  ["content-security-policy", "default-src https:, img-src 'self'", false],
  ["referrer-policy", "no-referrer", true],
  ["referrer-policy", "no-referrer, strict-origin-when-cross-origin", true],
  ["referrer-policy", "no-referrer-when-downgrade", false],
  ["referrer-policy", "no-referrer, unsafe-url", false],
] as const) {
  test(`${name}: ${value} is ${isGood ? "as promised" : "named"}`, () => {
    const [, others] = securityHeaders([{ path: "/", headers: { ...GOOD_HEADERS, [name]: value } }]);

    assert.equal(others?.status, isGood ? "ok" : "failed");
  });
}

test("a site that sends everybody to www is told by where it leads, and that the other host has its own promises", {
  timeout,
}, async () => {
  await using site = await startFront({
    certificate,
    behind: [],
    host: "",
    answer: ({ url }, response) => {
      response.writeHead(301, { ...GOOD_HEADERS, location: `https://www.app.test${url}` }).end();
      return true;
    },
  });

  const found = await verify(`${site.url} --ca ${ca.caFile} --topology single-instance`);

  assert.ok(found.noted.includes("client-lb redirects"));
  assert.deepEqual(
    found.wrong.filter((one) => one.startsWith("client-lb")),
    [],
  );
  assert.equal(found.seen("hops-page"), "answers with 301 to https://www.app.test/hops.json");
});
