import assert from "node:assert/strict";
import { test } from "node:test";
import { fetchOnce } from "../../src/verify/outside/fetch-once.ts";
import { sealed } from "../support/harness.ts";
import { type Claim, type Claims, startClaiming } from "../support/verify/claiming.ts";
import { ownAuthority } from "../support/verify/own-authority.ts";
import { type Verified, verify } from "../support/verify/verified.ts";

// A safety net against a hang.
const timeout = 60_000;
const HOUR_MS = 3_600_000;

const { ca, certificate } = await ownAuthority();

/** Verifies an address that reports what is given. */
async function verifyClaiming(claims: Partial<Claims>): Promise<Verified> {
  await using path = await startClaiming({ topology: "single-instance", certificate, ...claims });
  return await verify(`${path.url} --ca ${ca.caFile}`);
}

for (const [what, change, wrong] of [
  [
    "whose own verdict is open although it calls every hop sealed",
    (report: Claim) => {
      report.verdict = "open";
    },
    "lb-app verdict app-1",
  ],
  [
    "that names a problem on a hop that it calls sealed",
    (report: Claim) => {
      report.hops[2].problems = ["The database's certificate was not verified: this could be any server."];
    },
    "app-db as-the-app-sees-it app-1",
  ],
  [
    "of yesterday, which a cache has kept",
    (report: Claim) => {
      report.observedAt = new Date(Date.now() - 24 * HOUR_MS).toISOString();
    },
    "lb-app observed-at app-1",
  ],
  [
    "of tomorrow",
    (report: Claim) => {
      report.observedAt = new Date(Date.now() + 24 * HOUR_MS).toISOString();
    },
    "lb-app observed-at app-1",
  ],
] as const) {
  test(`a report ${what} seals nothing`, { timeout }, async () => {
    const found = await verifyClaiming({ change });

    assert.deepEqual(found.wrong, [wrong]);
    assert.equal(found.exitCode, 1);
  });
}

test("a hop that an instance calls open once is open, whatever it says afterwards", { timeout }, async () => {
  const found = await verifyClaiming({
    change: ({ hops }, turn) => {
      if (turn % 2 === 1) return;
      Object.assign(hops[2], { sealed: false, problems: ["The connection is not encrypted."] });
    },
  });

  assert.deepEqual(found.wrong, ["app-db as-the-app-sees-it app-1"]);
  assert.equal(found.exitCode, 1);
});

/** Publishes, every other time, a certificate that nobody serves. */
function shares(report: Claim, turn: number): void {
  const [, hop] = report.hops;
  if (turn % 2 === 1 || hop.peer === null) return;
  hop.peer = { ...hop.peer, fingerprint256: `${"AB:".repeat(31)}CD` };
}

test("of two instances with the same name the one that nobody looked at is not seen", {
  timeout,
}, async () => {
  await using path = await startClaiming({ topology: "alb-reencrypt", certificate, change: shares });
  // It answers under another name than the public one: it does not say who it is.
  const answer = (_asked: unknown, response: { writeHead(status: number): { end(): void } }) => {
    response.writeHead(421).end();
    return true;
  };
  await using instance = await startClaiming({ topology: "alb-reencrypt", certificate, front: { answer } });

  const found = await verify(`${path.url} --ca ${ca.caFile} --instance ${instance.url}`);

  assert.deepEqual(found.wrong, ["lb-app fingerprint app-1"]);
  assert.match(found.seen("fingerprint"), /^nobody looked/);
  assert.equal(found.exitCode, 3);
});

test("of two instances with the same name the one with another certificate is noticed", {
  timeout,
}, async () => {
  await using path = await startClaiming({ topology: "alb-reencrypt", certificate, change: shares });
  await using instance = await startClaiming({ topology: "alb-reencrypt", certificate });

  const found = await verify(`${path.url} --ca ${ca.caFile} --instance ${instance.url}`);

  assert.deepEqual(found.wrong, ["lb-app fingerprint app-1"]);
  assert.equal(found.exitCode, 1);
});

for (const [what, body, seen] of [
  ["is not JSON", "<html>", /^answers with 200, and not with a report/],
  ["is of another version", '{"version":2,"hops":{}}', /^answers with 200, and not with a report/],
  ["does not stop", "a".repeat(1_100_000), /longer than 1000000 characters/],
] as const) {
  test(`a hops page that ${what} is named, and seals nothing`, { timeout }, async () => {
    const answer = { front: {} as NonNullable<Claims["front"]> };
    answer.front.answer = (_asked, response) => response.end(body) !== undefined;
    const found = await verifyClaiming(answer);

    assert.ok(found.wrong.includes("lb-app hops-page"));
    assert.match(found.seen("hops-page"), seen);
    assert.equal(found.exitCode, 1);
  });
}

test("an answer that trickles is not waited for without end, and is no answer", { timeout }, async () => {
  await using path = await startClaiming({
    topology: "single-instance",
    certificate,
    page: (_path, response) => response.write("x"),
  });
  const asked = { at: new URL(path.url), path: "/", timeoutMs: 200, signal: new AbortController().signal };

  await assert.rejects(fetchOnce(asked), { message: "no whole answer within 0.2 s" });
});

test("what an app says of itself cannot write over the verdict on a terminal", { timeout }, async () => {
  const overwriting = "app-1\u001b[2J\u001b[Hsealed\r\u009b1A\u202e";
  await using path = await startClaiming({
    topology: "single-instance",
    certificate,
    instances: [overwriting],
    change: ({ hops }) => {
      hops[2].sealed = false;
      hops[2].problems = ["\u001b]0;sealed\u0007"];
    },
  });

  const { output } = await sealed(`verify ${path.url} --ca ${ca.caFile}`, { now: new Date() });

  assert.match(output, /app-1\?\[2J/);
  assert.doesNotMatch(output.replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u);
});
