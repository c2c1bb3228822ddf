import assert from "node:assert/strict";
import { test } from "node:test";
import type { HopsReport, SeenHop } from "../../src/verify/app/hops-report.ts";
import { parseHopsReport } from "../../src/verify/app/hops-report.ts";
import { judgeReports } from "../../src/verify/app/judge-reports.ts";
import type { Target } from "../../src/verify/target.ts";

const NOW = new Date("2026-11-22T10:00:20.000Z");
const CLIENT = { protocol: "TLSv1.3", cipher: "TLS_AES_128_GCM_SHA256" };

function report(
  changes: Partial<Record<"client-lb" | "lb-app" | "app-db", Partial<SeenHop>>> = {},
): HopsReport {
  const common = { sealed: true, authenticated: true, group: null, peer: null, problems: [] };
  const database = { requiresSecureTransport: true, tokenAgeMs: 1, user: "app@%", serverVersion: "8.4" };
  return {
    topology: "clb-backend-auth",
    verdict: "sealed",
    instance: "app-1",
    observedAt: "2026-11-22T10:00:00.000Z",
    hops: [
      { ...common, id: "client-lb", ...CLIENT, ...changes["client-lb"] },
      { ...common, id: "lb-app", ...CLIENT, ...changes["lb-app"] },
      { ...common, id: "app-db", ...CLIENT, ...database, ...changes["app-db"] },
    ],
  };
}

const TARGET: Target = {
  origin: "url",
  url: new URL("https://app.example.com"),
  topology: "clb-backend-auth",
  trust: { kind: "authorities" },
  httpPort: undefined,
  instances: [],
  instanceNames: [],
  areAllKnown: false,
  hopsPage: "on",
};

/** Judges one report of a path with a classic load balancer, and returns what is wrong. */
function wrongIn(said: HopsReport, target = TARGET): string[] {
  const tls = { ...CLIENT, group: null, certificate: null };
  return judgeReports(target, [{ report: said, headers: {}, tls }], { from: NOW, until: NOW })
    .filter(({ status }) => status === "failed")
    .map(({ hop, id }) => `${hop} ${id}`);
}

for (const [what, said, wrong] of [
  ["nothing wrong", report(), []],
  ["another topology", { ...report(), topology: "alb-reencrypt" }, ["lb-app topology"]],
  [
    "a hop that the app calls open",
    report({ "lb-app": { sealed: false, problems: ["plain"] } }),
    ["lb-app as-the-app-sees-it"],
  ],
  [
    "a hop that is called sealed, and no protocol",
    report({ "lb-app": { protocol: null } }),
    ["lb-app as-the-app-sees-it"],
  ],
  [
    "a hop that is called sealed over TLS 1.1",
    report({ "lb-app": { protocol: "TLSv1.1" } }),
    ["lb-app as-the-app-sees-it"],
  ],
  ["no word of a classic load balancer's TLS", report({ "client-lb": { protocol: null, cipher: null } }), []],
  [
    "a database that is called sealed, and nothing more of it",
    report({ "app-db": { protocol: null, requiresSecureTransport: undefined as unknown as boolean } }),
    ["app-db as-the-app-sees-it", "app-db database-verified", "app-db database-enforces-tls"],
  ],
  ["no pinned key", report({ "lb-app": { authenticated: false } }), ["lb-app pinned-key"]],
  [
    "another cipher than was negotiated",
    report({ "client-lb": { cipher: "TLS_AES_256_GCM_SHA384" } }),
    ["client-lb same-connection"],
  ],
  [
    "another version than was negotiated",
    report({ "client-lb": { protocol: "TLSv1.2" } }),
    ["client-lb same-connection"],
  ],
  [
    "a database that was not checked",
    report({ "app-db": { authenticated: false } }),
    ["app-db database-verified"],
  ],
  [
    "a database over TLS 1.1",
    report({ "app-db": { protocol: "TLSv1.1" } }),
    ["app-db as-the-app-sees-it", "app-db database-verified"],
  ],
  [
    "a database that takes plain connections",
    report({ "app-db": { requiresSecureTransport: false } }),
    ["app-db database-enforces-tls"],
  ],
  ["a login by password", report({ "app-db": { tokenAgeMs: null } }), ["app-db database-login"]],
] as const satisfies [string, HopsReport, string[]][]) {
  test(`a report with ${what} is judged as such, and as nothing else`, () => {
    assert.deepEqual(wrongIn(said), wrong);
  });
}

test("an app that names no topology there is is not believed, where none was given", () => {
  const target = { ...TARGET, topology: undefined };

  assert.deepEqual(wrongIn({ ...report(), topology: "none" }, target), ["lb-app topology"]);
});

test("a database that could not be seen is told once, by the app's own reason", () => {
  const { requiresSecureTransport: _, tokenAgeMs: __, ...gone } = report().hops[2] as SeenHop;
  const unseen = {
    ...gone,
    sealed: false,
    authenticated: false,
    protocol: null,
    problems: ["The database did not answer."],
  };

  assert.deepEqual(wrongIn({ ...report(), hops: [...report().hops.slice(0, 2), unseen] }), [
    "app-db as-the-app-sees-it",
  ]);
});

for (const [what, body] of [
  ["no JSON", "<html>"],
  ["JSON of something else", '{"status":"ok"}'],
  ["null", "null"],
  ["a report without hops", JSON.stringify({ ...report(), hops: [] })],
  ["hops in another order", JSON.stringify({ ...report(), hops: report().hops.toReversed() })],
  [
    "a hop without verdict",
    JSON.stringify(report({ "lb-app": { sealed: undefined as unknown as boolean } })),
  ],
  ["a certificate without fingerprint", JSON.stringify(report({ "lb-app": { peer: {} as never } }))],
] as const) {
  test(`an answer with ${what} is no report`, () => {
    assert.equal(parseHopsReport(body), undefined);
  });
}

test("an answer in the right form is a report", () => {
  assert.deepEqual(parseHopsReport(JSON.stringify(report())), report());
});
